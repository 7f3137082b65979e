/** P30: what it costs to send a message, beside the bare insert of its row through the driver. */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { startChild } from '../lib/child.ts';
import { loadHttp } from '../lib/http-load.ts';
import { type Measure, measured, type Suite } from '../lib/measure.ts';
import { ratios } from '../lib/pairs.ts';
import { processorSeconds } from '../lib/processor-time.ts';
import { type Platform, type Postgres, startPlatform, startPostgres } from '../lib/stack.ts';

const servers = join(import.meta.dirname, '../servers');
/** Each on a connection of their own: requests of one account take turns. */
const people = 16;
const conversationsMany = 100;
const blockMs = 3000;
const warmUpMs = 1500;
const body = 'Walnut for the arm rests, oak goes grey under the hands. I have four boards of each.';

interface Person {
  readonly id: string;
  readonly token: string;
}

async function signUp(platform: Platform): Promise<Person> {
  const username = `bench_${randomBytes(4).toString('hex')}`;
  const answer = await fetch(`http://127.0.0.1:${platform.port}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username,
      email: `${username}@example.org`,
      password: randomBytes(12).toString('base64url'),
      credentials: 'token',
    }),
  });
  if (answer.status !== 201) throw new Error(`registering answered ${answer.status}: ${await answer.text()}`);
  const signedIn = (await answer.json()) as { accessToken: string; user: { id: string } };
  return { id: signedIn.user.id, token: signedIn.accessToken };
}

/** Groups that all of the people are in. */
async function plantGroups(postgres: Postgres, members: readonly Person[], count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `with founded as (insert into conversations (kind, title) select 'group', 'Bench ' || n from generate_series(1, $1::integer) n returning id),
       people as (
         insert into conversation_memberships (conversation_id, user_id, role)
         select founded.id, m.id, 'member' from founded, unnest($2::bigint[]) as m (id))
       select id from founded`,
      [count, members.map(({ id }) => id)],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

/** Messages per processor second of platform and database. */
async function sent(
  postgres: Postgres,
  platform: Platform,
  members: readonly Person[],
  ids: readonly string[],
  ms = blockMs,
): Promise<number> {
  let turn = 0;
  const requestOf = (connection: number): string => {
    turn += 1;
    const text = JSON.stringify({ clientId: randomUUID(), body });
    return (
      `POST /api/conversations/${ids[turn % ids.length]}/messages HTTP/1.1\r\nhost: 127.0.0.1:${platform.port}\r\n` +
      `authorization: Bearer ${members[connection]?.token}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`
    );
  };
  const before = processorSeconds([platform.pid, postgres.pid]);
  const result = await loadHttp({ port: platform.port, path: '', connections: members.length, durationMs: ms, requestOf, status: 201 });
  if (result.failures > 0 || result.answers === 0) throw new Error(`${result.failures} of ${result.answers} messages were not sent`);
  return result.answers / (processorSeconds([platform.pid, postgres.pid]) - before);
}

/** Rows per processor second of driver and database. */
async function inserted(postgres: Postgres, members: readonly Person[], ids: readonly string[]): Promise<number> {
  const child = await startChild(join(servers, 'insert-alone.ts'), {
    DATABASE_URL: postgres.url,
    CONCURRENCY: String(members.length),
    CONVERSATIONS: ids.join(','),
    AUTHORS: members.map(({ id }) => id).join(','),
    BODY: body,
  });
  try {
    await wait(warmUpMs);
    const [rows, before] = [Number(await child.ask('rows')), processorSeconds([child.pid, postgres.pid])];
    await wait(blockMs);
    return (Number(await child.ask('rows')) - rows) / (processorSeconds([child.pid, postgres.pid]) - before);
  } finally {
    await child.stop();
  }
}

export const chat: Suite = {
  name: 'chat',
  run: async ({ pairs, log }) => {
    const postgres = await startPostgres();
    const measures: Measure[] = [];
    try {
      const platform = await startPlatform(postgres.url, { JOBS_ENABLED: 'false' });
      try {
        const members: Person[] = [];
        for (let count = 0; count < people; count += 1) members.push(await signUp(platform));
        for (const [title, count, must, aim] of [
          ['one conversation', 1, 0.5, 0.7],
          ['100 conversations', conversationsMany, 0.6, 0.8],
        ] as const) {
          log(`P30, ${title}`);
          const [ids, bare] = [await plantGroups(postgres, members, count), await plantGroups(postgres, members, count)];
          await sent(postgres, platform, members, ids, warmUpMs);
          const rates: number[] = [];
          const found = await ratios({
            pairs,
            subject: async () => {
              const rate = await sent(postgres, platform, members, ids);
              rates.push(rate);
              return rate;
            },
            baseline: () => inserted(postgres, members, bare),
          });
          const note = `${Math.round(rates.reduce((sum, rate) => sum + rate, 0) / rates.length)} messages per CPU second`;
          measures.push(
            measured(
              {
                id: 'P30',
                title: `messages sent, ${title} ÷ bare insert of the row, per CPU second`,
                unit: '×',
                must,
                aim,
                better: 'more',
              },
              found,
              note,
            ),
          );
        }
        return measures;
      } finally {
        await platform.stop();
      }
    } finally {
      await postgres.stop();
    }
  },
};
