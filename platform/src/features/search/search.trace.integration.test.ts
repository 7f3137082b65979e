/** A search costs what the reader may find: not what it repeats, and not what others keep to themselves. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/test-database.ts';
import { seedScale } from '../../../seed/scale.ts';
import { searchPosts } from './search.queries.ts';
import { searchWords } from './search-words.ts';

const hiddenPosts = 3000;
const stranger = '190';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedScale({ databaseUrl: database.url, posts: 20_000, comments: 10, users: 200 });
  const { client } = database;
  // Posts with a word of their own in a private sanctum whose one member is not the stranger; old ones and newest ones.
  await client.query(
    `with place as (
       insert into sanctums (name, title, visibility, owner_id, member_count) values ('hidden', 'Hidden', 'private', 1, 1) returning id),
     member as (insert into memberships (sanctum_id, user_id, role) select id, 1, 'owner' from place),
     made as (
       insert into posts (sanctum_id, author_id, kind, is_public, title) select place.id, 1, 'text', false, 'zanzibar common word4998 number ' || n from place, generate_series(1, $1::integer) n
       returning id, sanctum_id, author_id, created_at)
     insert into post_ranks (post_id, sanctum_id, author_id, hot, popular, created_at) select id, sanctum_id, author_id, 0, false, created_at from made`,
    [hiddenPosts],
  );
  await client.query('vacuum analyze posts, post_ranks, memberships, sanctums');
  await client.query('set plan_cache_mode = force_generic_plan');
  const types = searchPosts.parameterNames.map((name) => searchPosts.params[name as keyof typeof searchPosts.params].replace('?', ''));
  await client.query(`prepare search (${types.join(', ')}) as ${searchPosts.text}`);
});
afterAll(() => database.close());

async function found(words: string, reader: string | null): Promise<number> {
  const row = await database.db.one(searchPosts, { words, reader, admin: false, page_items: 25, after_id: '9223372036854775807' });
  return (JSON.parse(row.items) as unknown[]).length;
}

/** Blocks read, the fewest of several readings. */
async function blocks(words: string, reader: string | null): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const { rows } = await database.client.query(
      `explain (analyze, buffers, format json) execute search ('${words}', ${reader ?? 'null'}, false, 25, 9223372036854775807)`,
    );
    const { Plan: plan } = rows[0]['QUERY PLAN'][0];
    fewest = Math.min(fewest, plan['Shared Hit Blocks'] + plan['Shared Read Blocks']);
  }
  return fewest;
}

test.each([null, stranger])(
  'a word that stands only in hidden posts costs reader %s what a word costs that stands nowhere',
  async (reader) => {
    expect(await found('zanzibar', '1')).toBe(25);
    expect(await found('zanzibar', reader)).toBe(0);
    const nowhere = await blocks('zebrafish', reader);
    expect(nowhere).toBeGreaterThan(100);
    expect(await blocks('zanzibar', reader)).toBe(nowhere);
    expect(await blocks('zanzibar -zebrafish', reader)).toBe(await blocks('zebrafish -zanzibar', reader));
  },
);

test('a word of a few public posts costs the same whether thousands of hidden ones have it, too, or none', async () => {
  const alone = await blocks('word4997', stranger);
  const shared = await blocks('word4998', stranger);
  expect(await found('word4998', stranger)).toBe(await found('word4997', stranger));
  // The handful of posts found lies on other pages of the table; thousands of hidden ones would be thousands of blocks.
  expect(Math.abs(shared - alone)).toBeLessThan(20);
});

test('forty-two times the same word cost what it costs once, and fifty different ones little more than the twelve that count', async () => {
  const repeated = searchWords('common '.repeat(12).trim()) ?? '';
  expect(await blocks(repeated, null)).toBe(await blocks('common', null));
  expect(await found(repeated, null)).toBe(25);
  const many = searchWords(Array.from({ length: 50 }, (_, index) => `word${index}`).join(' ')) ?? '';
  expect(many.split(' ')).toHaveLength(12);
});

test('members find old and new posts of their private sanctums beside public ones, in one order', async () => {
  const row = await database.db.one(searchPosts, { words: 'common', reader: '1', admin: false, page_items: 50, after_id: '20030' });
  const ids = (JSON.parse(row.items) as { id: string }[]).map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((left, right) => right - left));
  expect(ids.some((id) => id > 20_000)).toBe(true);
  expect(ids.some((id) => id <= 20_000)).toBe(true);
  expect(new Set(ids).size).toBe(50);
});
