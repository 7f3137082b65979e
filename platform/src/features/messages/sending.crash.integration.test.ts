/** Messages while a server of two dies hard: what was acknowledged is there, everything is there once, and the log has no gap. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlatform, type PlatformProcess } from '../../../test/harness/platform-process.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';

const writers = 4;
const messagesEach = 40;
const triesMax = 200;

let database: TestDatabase;
const running = new Set<PlatformProcess>();
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const one of running) one.signal('SIGKILL');
  await Promise.all([...running].map((one) => one.exit()));
  await database.close();
});

function start(): PlatformProcess {
  const started = startPlatform({ DATABASE_URL: database.url, RATE_LIMIT_FACTOR: '1000', EVENT_LOOP_DELAY_MAX_MS: '60000' });
  running.add(started);
  return started;
}

async function register(url: string, username: string): Promise<{ id: string; token: string }> {
  const response = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, email: `${username}@example.org`, password: 'Quiet-otter-41-lamp', credentials: 'token' }),
  });
  const body = (await response.json()) as { user: { id: string }; accessToken: string };
  expect(response.status).toBe(201);
  return { id: body.user.id, token: body.accessToken };
}

async function foundGroup(members: readonly { readonly id: string }[]): Promise<string> {
  const { rows } = await database.client.query<{ id: string }>(
    `with founded as (insert into conversations (kind, title) values ('group', 'Bench talk') returning id),
     people as (insert into conversation_memberships (conversation_id, user_id, role) select founded.id, m.id, 'member' from founded, unnest($1::bigint[]) as m (id))
     select id from founded`,
    [members.map(({ id }) => id)],
  );
  return rows[0]?.id ?? expect.fail('the group was not founded');
}

test('nothing acknowledged is lost, nothing is there twice, and positions have no gap', async () => {
  const [first, second] = [start(), start()];
  const urls = [await first.url(), await second.url()];
  const members = await Promise.all(Array.from({ length: writers }, (_, n) => register(urls[0] ?? '', `writer_${n}`)));
  const conversation = await foundGroup(members);
  /** Position by client id, as the sender was told it. */
  const acknowledged = new Map<string, string>();
  let unanswered = 0;

  /** As a client does: the same message again, to whoever answers, until somebody has it. */
  async function send(token: string, body: string, turn: number): Promise<void> {
    const clientId = randomUUID();
    for (let attempt = 0; attempt < triesMax; attempt += 1) {
      const url = urls[(turn + attempt) % urls.length] ?? '';
      const response = await fetch(`${url}/api/conversations/${conversation}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ clientId, body }),
      }).catch(() => undefined);
      const answer = response?.status === 201 ? await (response.json() as Promise<{ id: string }>).catch(() => undefined) : undefined;
      if (answer !== undefined) {
        acknowledged.set(clientId, answer.id);
        return;
      }
      unanswered += 1;
    }
    expect.fail(`nobody took the message in ${triesMax} tries`);
  }

  const writing = members.map(async ({ token }, writer) => {
    for (let n = 0; n < messagesEach; n += 1) await send(token, `${writer} ${n}`, n);
  });
  await waitUntil('the writers are in the middle of it', () => acknowledged.size > 20);
  first.signal('SIGKILL');
  await first.exit();
  const third = start();
  urls[0] = await third.url();
  await Promise.all(writing);
  expect(unanswered, 'no writer noticed, so nothing is proven').toBeGreaterThan(0);

  const { rows } = await database.client.query<{ client_id: string; position: string; author_id: string; body: string }>(
    `select client_id, position, author_id, body from messages where conversation_id = $1 order by position`,
    [conversation],
  );
  expect(new Map(rows.map((row) => [row.client_id, row.position]))).toEqual(acknowledged);
  expect(rows).toHaveLength(writers * messagesEach);
  for (const { id } of members)
    expect(rows.filter((row) => row.author_id === id).map((row) => Number(row.body.split(' ')[1]))).toEqual(
      Array.from({ length: messagesEach }, (_, n) => n),
    );
  const { rows: log } = await database.client.query<{ position: string; type: string }>(
    `select position, type from stream_events where kind = 'conversation' and id = $1 order by position`,
    [conversation],
  );
  expect(log.map((event) => Number(event.position))).toEqual(Array.from({ length: rows.length }, (_, n) => n + 1));
});
