import type { Attack } from '../attack.ts';
import { flood } from '../attack.ts';
import { foundSanctum } from '../../lib/member.ts';

const comments = 100;
const readersAtOnce = 4;

export const attack: Attack = {
  title: 'a thread of the longest comments, read without a pause',
  prepare: async ({ register, note }) => {
    const writer = await register();
    const sanctum = await foundSanctum([writer]);
    const made = await writer.request('POST', `/api/sanctums/${sanctum}/posts`, { body: { kind: 'text', title: 'A thread' } });
    const { id } = JSON.parse(made.text) as { id: string };
    for (let index = 0; index < comments; index += 1) {
      const answer = await writer.request('POST', `/api/posts/${id}/comments`, { body: { body: 'http://a.bc '.repeat(830) } });
      if (answer.status !== 201) throw new Error(`a comment answered ${answer.status}: ${answer.text}`);
    }
    return (end) =>
      flood(readersAtOnce, end, async () => {
        note(await writer.request('GET', `/api/posts/${id}/comments?limit=50`));
      });
  },
};
