/**
 * Every query that touches people, or what they did, asks who is hidden from whom (features/blocks/blocks.fragments.queries.ts), or
 * says here why it need not. Which tables those are is read from the schema, so a new table is covered by being there.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CatalogueQuery } from '../../src/db/query.ts';
import { queryCatalogue } from '../../catalogue/query-catalogue.ts';
import { readExpectations } from './beside-features.ts';

const schema = readFileSync(join(import.meta.dirname, '../../../migrations/schema.sql'), 'utf8');

/** Tables that name a person, or hang below what one wrote. */
function personalTables(): ReadonlySet<string> {
  const keys = schema.matchAll(
    /^alter table (?:only )?(?:public\.)?(\w+) add constraint \w+ foreign key \([^)]*\) references (?:public\.)?(\w+)/gim,
  );
  const below = [...keys].filter(([, , parent]) => ['users', 'posts', 'comments'].includes(parent ?? ''));
  return new Set(['users', ...below.map(([, table]) => table ?? '')]);
}

const tables = personalTables();
/** Any of them, however the statement uses it. */
const touched = new RegExp(`\\b(?:from|join|using|update|into)\\s+(?:only\\s+)?(?:public\\.)?(${[...tables].join('|')})\\b`, 'g');

function tablesOf({ text }: Pick<CatalogueQuery, 'text'>): string[] {
  // What only the fragment itself reads does not count.
  const rest = text.replaceAll(/\/\*.*?\*\//g, '').replaceAll(/\(select [^()]*from users me where me\.id = \$\d+\)/g, '');
  return [...new Set([...rest.matchAll(touched)].map(([, name]) => name ?? ''))].filter((name) => name !== 'user_blocks');
}

const asksWhoIsHidden = ({ text }: Pick<CatalogueQuery, 'text'>) => text.includes('from user_blocks hid ');

/** Names of queries, or of whole features with a star, by the reason for which nobody is hidden in them. More stand beside their features. */
const exempt: Readonly<Record<string, readonly string[]>> = {
  'the reader’s own account, session, choice or key': [
    'accounts.*',
    'sessions.*',
    'tickets.*',
    'idempotency.*',
    'privacy.read',
    'privacy.update',
    'users.read_me',
    'users.update_me',
    'sanctums.read_role',
  ],
  'it is what blocks are made of, and shows the reader their own': ['blocks.*'],
  'both people are locked by it, and what it finds is judged by friends.read_pair or blocks.read': ['users.lock_pair'],
  'it runs behind friends.read_pair, under the same locks': [
    'friends.read_room',
    'friends.write_request',
    'friends.resume_request',
    'friends.remove_request',
    'friends.decline_request',
    'friends.cancel_request',
    'friends.befriend',
    'friends.part',
  ],
  'a block ends friendships and requests in its own transaction, so that none of a hidden person is there': [
    'friends.list',
    'friends.list_received',
    'friends.list_sent',
  ],
  'it finds ids, of which only privacy.list_showing_presence tells anything': ['privacy.find_ids'],
  'everyone’s view, which knows no reader and is shared': ['users.read_profile'],
  'work in the background, which shows nothing to anybody': [
    'friends.sweep_requests',
    'invitations.sweep',
    'feeds.sweep_rank_changes',
    'sanctums.rewrite_slice',
    'sanctums.holds_private_traces',
  ],
  'the reader’s own lines and choices': ['notification_levels.choose', 'notification_levels.forget', 'notifications.mark_read'],
  'a job asks it of what happened; notifications.find_audience leaves out who is hidden, and notifications.find_shown judges the line': [
    'notifications.count_mentions',
    'notifications.find_comment',
    'notifications.find_post',
    'notifications.place',
    'notifications.tell',
    'notifications.sweep',
  ],
  'moderation: who moderates sees and judges everyone in the sanctum': ['bans.*', 'invitations.list_of_sanctum'],
  'it changes the row of one person whom memberships.read_candidate found, or the reader’s own': [
    'memberships.add',
    'memberships.remove',
    'memberships.change_role',
    'memberships.change_owner',
    'invitations.write',
    'invitations.count',
    'invitations.remove',
    'sanctums.create',
    'sanctums.update',
  ],
  'it tells whether a sanctum is there, and its visibility; nobody in it': [
    'posts.sanctum_is_readable',
    'sanctums.lock',
    'sanctums.lock_against_posts',
  ],
};

const besideFeatures = (await readExpectations()).flatMap(({ hidesNobody = {} }) => Object.entries(hidesNobody));
const reasons = [
  ...Object.entries(exempt).flatMap(([reason, names]) => names.map((name) => ({ reason, name }))),
  ...besideFeatures.map(([name, reason]) => ({ reason, name })),
];
const isExempt = (query: string) =>
  reasons.some(({ name }) => (name.endsWith('.*') ? query.startsWith(name.slice(0, -1)) : query === name));

function leaksIn(queries: readonly Pick<CatalogueQuery, 'name' | 'text'>[]): string[] {
  return queries
    .filter((query) => tablesOf(query).length > 0 && !asksWhoIsHidden(query) && !isExempt(query.name))
    .map((query) => `${query.name} reads ${tablesOf(query).join(', ')} and does not ask who is hidden from the reader`);
}

test('the tables of people are found in the schema', () => {
  for (const table of ['users', 'posts', 'post_ranks', 'comments', 'memberships', 'post_likes', 'sanctum_invitations', 'friendships'])
    expect([...tables]).toContain(table);
  expect(queryCatalogue.filter((query) => tablesOf(query).length > 0).length).toBeGreaterThan(60);
});

test('every query about people asks who is hidden, or is on the list with a reason', () => {
  expect(leaksIn(queryCatalogue)).toEqual([]);
});

test('a query that does not ask is named', () => {
  const planted = { name: 'planted.leak', text: 'select title from posts p join users u on u.id = p.author_id where p.id = $1' };
  expect(leaksIn([planted])).toEqual(['planted.leak reads posts, users and does not ask who is hidden from the reader']);
});

test('nothing is on the list that need not be', () => {
  const needed = (name: string) =>
    queryCatalogue.some(
      (query) =>
        (name.endsWith('.*') ? query.name.startsWith(name.slice(0, -1)) : query.name === name) &&
        tablesOf(query).length > 0 &&
        !asksWhoIsHidden(query),
    );
  expect(reasons.filter(({ name }) => !needed(name)).map(({ name }) => name)).toEqual([]);
});
