import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Attack } from '../attack.ts';
import { flood } from '../attack.ts';
import { foundSanctum } from '../../lib/member.ts';

const posts = 60_000;
const joiners = 11;
const betweenTurnsMs = 2000;

export const attack: Attack = {
  title: 'a sanctum of 60,000 posts turned private and back, eleven joiners',
  prepare: async ({ register, note, databaseUrl }) => {
    const owner = await register();
    const others = await Promise.all(Array.from({ length: 3 }, register));
    const sanctum = await foundSanctum([owner]);
    await fill(databaseUrl, sanctum);
    return (end) =>
      Promise.all([
        flood(1, end, async () => {
          for (const visibility of ['private', 'public']) {
            note(await owner.request('PATCH', `/api/sanctums/${sanctum}`, { body: { visibility } }));
            await wait(betweenTurnsMs, undefined, { signal: end }).catch(() => undefined); // The end may come in the middle.
          }
        }),
        flood(joiners, end, async (lane) => {
          const member = others[lane % others.length];
          if (member !== undefined) note(await member.request(lane % 2 === 0 ? 'PUT' : 'DELETE', `/api/sanctums/${sanctum}/membership`));
        }),
      ]).then(() => undefined);
  },
};

/** As if they had been written over the years: old, and nowhere on a first page. */
async function fill(databaseUrl: string, sanctum: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `with place as (select id, owner_id from sanctums where name = $1),
       made as (
         insert into posts (sanctum_id, author_id, kind, title, created_at, is_public)
         select place.id, place.owner_id, 'text', 'Old post ' || n, now() - interval '3 years', true from place, generate_series(1, $2::integer) n
         returning id, sanctum_id, author_id, created_at)
       insert into post_ranks (post_id, sanctum_id, author_id, hot, popular, created_at)
       select id, sanctum_id, author_id, 0, true, created_at from made`,
      [sanctum, posts],
    );
    await client.query('vacuum analyze posts, post_ranks');
  } finally {
    await client.end();
  }
}
