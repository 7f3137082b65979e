import { describe, expect, it } from 'vitest';
import type { HttpTarget } from '../check.ts';
import { ask } from './answers.ts';

/** An instance that answers from a list, the last of it for ever. */
function instance(...answers: readonly (() => Response)[]) {
  let asked = 0;
  const fetch = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer === undefined) throw new Error('the list is empty');
    return answer();
  };
  return { http: { baseUrl: 'http://127.0.0.1', fetch } as unknown as HttpTarget, asked: () => asked };
}

const problem = (code: string, retryAfter: string) => () =>
  Response.json({ code }, { status: 503, headers: { 'retry-after': retryAfter } });
const fine = () => new Response('fine');

describe('a question to an instance', () => {
  it('is asked again while the instance is busy for a moment', async () => {
    const { http, asked } = instance(problem('server.busy', '0'), problem('server.busy', '0'), fine);
    expect(await ask(http, '/api/me')).toMatchObject({ status: 200, text: 'fine' });
    expect(asked()).toBe(3);
  });

  it('is given up when the instance stays busy', async () => {
    const { http, asked } = instance(problem('server.busy', '0'));
    expect((await ask(http, '/api/me')).status).toBe(503);
    expect(asked()).toBe(6);
  });

  it.each([
    ['another failure', problem('server.internal', '0')],
    ['a wait that is too long', problem('server.busy', '60')],
    ['a failure without a time', () => Response.json({ code: 'server.busy' }, { status: 503 })],
  ])('is not asked again after %s', async (_, answer) => {
    const { http, asked } = instance(answer, fine);
    expect((await ask(http, '/api/me')).status).toBe(503);
    expect(asked()).toBe(1);
  });
});
