import { expect, test } from 'vitest';
import { openDatabase } from '../../src/targets/database.ts';
import { indexDefinitions } from '../../src/postgres/index-definitions.ts';
import { openRepository } from '../../src/targets/repository.ts';
import { plantedDatabase } from '../../test/planted-database.ts';
import check, { auditPlans } from './unindexed-query.ts';

const database = plantedDatabase();
const root = new URL('../../../', import.meta.url).pathname;

const byUrl = { name: 'planted.by_url', text: '/* planted.by_url */ select id from posts where url = $1', usesIndex: [] };
const bySanctum = {
  name: 'planted.by_sanctum',
  text: '/* planted.by_sanctum */ select id from posts where sanctum_id = $1 and id < $2 order by id desc limit $3',
  usesIndex: ['idx_posts_sanctum_id'],
};

async function audit(queries: readonly (typeof bySanctum | typeof byUrl)[]) {
  const { target, close } = await openDatabase(database.url);
  try {
    return await auditPlans(target, queries, await indexDefinitions(await openRepository(root)));
  } finally {
    await close();
  }
}

test('every query of the catalogue is explained and keeps its promises', async () => {
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(0);
  expect(findings).toEqual([]);
});

test('a query without any index is named with its table, and the pasted fix serves it', async () => {
  const { examined, findings } = await audit([byUrl, bySanctum]);
  expect(examined).toBe(2);
  expect(findings).toMatchObject([{ subject: 'planted.by_url → posts', location: 'posts (table)' }]);
  expect(findings[0]?.fix).toContain('create index concurrently idx_posts_url on public.posts (url);');
  await database.paste(findings[0]?.fix ?? '');
  expect((await audit([byUrl, bySanctum])).findings).toEqual([]);
});

test('a promised index that was dropped is named with its query, and the pasted fix is the one of the migration', async () => {
  await database.sql('drop index idx_posts_sanctum_id');
  const { findings } = await audit([bySanctum]);
  expect(findings).toMatchObject([
    { subject: 'planted.by_sanctum → idx_posts_sanctum_id', severity: 'high', location: 'posts, index idx_posts_sanctum_id' },
  ]);
  expect(findings[0]?.fix).toBe('create index concurrently idx_posts_sanctum_id on posts (sanctum_id, id desc);');
  await database.paste(findings[0]?.fix ?? '');
  expect((await audit([bySanctum])).findings).toEqual([]);
});

test('a promised index that exists but cannot serve the query is a smaller finding', async () => {
  const { findings } = await audit([{ ...bySanctum, usesIndex: ['idx_posts_search'] }]);
  expect(findings).toMatchObject([{ subject: 'planted.by_sanctum → idx_posts_search', severity: 'medium' }]);
});

test('between two indexes that serve a search, the choice of the planner is no finding', async () => {
  const { findings } = await audit([
    { name: 'planted.by_name', text: 'select id from users where lower(username) = lower($1)', usesIndex: ['idx_users_username_unique'] },
    { name: 'planted.by_name', text: 'select id from users where lower(username) = lower($1)', usesIndex: ['idx_users_username_prefix'] },
  ]);
  expect(findings).toEqual([]);
});

test('a query that cannot be explained is never a pass, and hides no finding of the others', async () => {
  await database.sql('drop index idx_posts_sanctum_id');
  const result = await audit([{ name: 'planted.broken', text: 'select id from nowhere', usesIndex: [] }, bySanctum]);
  expect(result.notLooked?.message).toContain('planted.broken: relation "nowhere" does not exist');
  expect(result.findings).toMatchObject([{ subject: 'planted.by_sanctum → idx_posts_sanctum_id' }]);
  await database.paste(result.findings[0]?.fix ?? '');
});
