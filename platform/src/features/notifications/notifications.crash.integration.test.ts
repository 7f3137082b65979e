/** What becomes of what people are to be told when processes die and jobs run twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNotified, type Notified } from '../../../test/harness/notified.ts';
import { startPlatform } from '../../../test/harness/platform-process.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../../../test/harness/test-app.ts';
import { noFiles } from '../../../test/harness/no-files.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';
import { notify } from './notifications.jobs.ts';
import type { Cause } from './notifications.causes.ts';

let host: TestApp;
/** Nothing works its jobs off before a test says so. */
let world: Notified;
beforeAll(async () => {
  host = await createTestApp({ environment: { RATE_LIMIT_FACTOR: '1000' } });
  world = await createNotified(host, { working: false });
});
afterAll(() => host.close());

async function told(person: SignedUpUser): Promise<{ lines: number; events: number; positions: number }> {
  const { rows } = await host.client.query<{ lines: number; events: number }>(
    `select (select count(*)::integer from notifications where user_id = $1) as lines,
       (select count(*)::integer from notification_events where user_id = $1) as events`,
    [person.user.id],
  );
  const { head } = await host.app.streams.read({ kind: 'notifications', id: person.user.id }, 0, 100);
  return { lines: rows[0]?.lines ?? 0, events: rows[0]?.events ?? 0, positions: head };
}
const once = { lines: 1, events: 1, positions: 1 };

const run = (happened: Cause, streams: TestApp['app']['streams'] = host.app.streams) =>
  notify.handler(happened, { db: host.db, streams, files: noFiles, signal: AbortSignal.timeout(10_000), attempt: 1 });

async function scene() {
  const [ada, bob, eve] = await Promise.all([host.signUp(), host.signUp(), host.signUp()]);
  const postId = await world.post(ada, await world.sanctum(ada));
  return { ada, bob, eve, postId };
}

test('a platform that is killed right after the answer has its reader told by whoever comes next, once', async () => {
  const { ada, bob, postId } = await scene();
  const doomed = startPlatform({ DATABASE_URL: host.database.url });
  const response = await fetch(`${await doomed.url()}/api/posts/${postId}/comments`, {
    method: 'POST',
    headers: { ...bob.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ body: 'Said in time.' }),
  });
  doomed.signal('SIGKILL');
  expect([response.status, await doomed.exit()]).toEqual([201, 'SIGKILL']);
  expect(await told(ada)).toEqual({ lines: 0, events: 0, positions: 0 });
  expect(await world.waiting()).toBe(1);
  const next = await createNotified(host);
  try {
    await waitUntil('the next one has told', async () => (await world.waiting()) === 0);
  } finally {
    await next.close();
  }
  expect(await told(ada)).toEqual(once);
});

test('a job that runs again, or twice at once, tells once', async () => {
  const { ada, bob, postId } = await scene();
  const commentId = await world.comment(bob, postId, 'Hello.');
  const happened: Cause = { kind: 'comment', commentId };
  await Promise.all([run(happened), run(happened), run(happened)]);
  await run(happened);
  expect(await told(ada)).toEqual(once);
});

test('a run that dies between two people tells the second one when it is repeated, and the first not again', async () => {
  const { ada, bob, eve, postId } = await scene();
  const commentId = await world.comment(bob, postId, `@${eve.user.username}, look.`);
  let appended = 0;
  const dying: TestApp['app']['streams'] = {
    ...host.app.streams,
    append: (...parameters) => {
      appended += 1;
      return appended === 2 ? Promise.reject(new Error('planted')) : host.app.streams.append(...parameters);
    },
  };
  await expect(run({ kind: 'comment', commentId }, dying)).rejects.toThrow('planted');
  const before = [await told(ada), await told(eve)];
  expect(before.filter(({ lines }) => lines === 1)).toEqual([once]);
  expect(before.filter(({ lines }) => lines === 0)).toEqual([{ lines: 0, events: 0, positions: 0 }]);
  await run({ kind: 'comment', commentId });
  expect([await told(ada), await told(eve)]).toEqual([once, once]);
});

test('what was not committed tells nobody', async () => {
  const { ada, bob, postId } = await scene();
  const waiting = await world.waiting();
  const response = await host.app.inject({
    method: 'POST',
    url: `/api/posts/${postId}/comments`,
    headers: bob.headers,
    payload: { body: 'To a comment that is not there.', parentId: '999999999' },
  });
  expect(response.statusCode).toBe(404);
  expect(await world.waiting()).toBe(waiting);
  expect((await told(ada)).lines).toBe(0);
});

test('what is gone before its job runs tells nobody, and the job is done', async () => {
  const { ada, bob, postId } = await scene();
  const commentId = await world.comment(bob, postId, 'Withdrawn.');
  await world.send(bob, 'DELETE', `/api/comments/${commentId}`);
  await run({ kind: 'comment', commentId });
  expect(await told(ada)).toEqual({ lines: 0, events: 0, positions: 0 });
});
