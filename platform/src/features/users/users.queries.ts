/** Statements about people. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { isHidden } from '../blocks/blocks.fragments.queries.ts';
import { meColumns, meRow, profileJson } from './users.fragments.queries.ts';

export const readMe = defineQuery({
  name: 'users.read_me',
  access: 'read',
  params: { userId: 'bigint' },
  text: `
    select ${meColumns('u')}
    from users u
    where id = $1`,
  budgetMs: 20,
  usesIndex: ['users_pkey'],
  sample: { userId: '1' },
  row: meRow,
});

export const updateMe = defineQuery({
  name: 'users.update_me',
  access: 'write',
  params: { userId: 'bigint', displayName: 'text?', bio: 'text?' },
  text: `
    update users
    set display_name = coalesce($2, display_name), bio = coalesce($3, bio), updated_at = now()
    where id = $1
    returning ${meColumns('users')}`,
  budgetMs: 50,
  usesIndex: ['users_pkey'],
  sample: { userId: '1', displayName: 'Ada', bio: null },
  row: meRow,
});

export const readProfile = defineQuery({
  name: 'users.read_profile',
  access: 'read',
  params: { username: 'text' },
  text: `
    select ${profileJson('u')}::text as profile
    from users u
    where lower(u.username) = lower($1)`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique'],
  sample: { username: 'keeper' },
  row: z.object({ profile: z.string() }),
});

/** The same for a signed-in reader: no row either when the two do not see each other. */
export const readProfileFor = defineQuery({
  name: 'users.read_profile_for',
  access: 'read',
  params: { readerId: 'bigint', username: 'text' },
  text: `
    select ${profileJson('u')}::text as profile
    from users u
    where lower(u.username) = lower($2) and not ${isHidden('u.id', '$1')}`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique'],
  sample: { readerId: '1', username: 'keeper' },
  row: z.object({ profile: z.string() }),
});

/**
 * The reader and the person of this name, both locked, in the order of their ids: whatever two people change between them happens
 * one after the other, and so do the counts of each. One row when there is nobody of this name, or when it is the reader's own.
 */
export const lockPair = defineQuery({
  name: 'users.lock_pair',
  access: 'write',
  params: { readerId: 'bigint', username: 'text' },
  text: `
    select u.id, u.username, u.display_name
    from users u
    where u.id = any (array[$1, (select named.id from users named where lower(named.username) = lower($2))])
    order by u.id
    for no key update`,
  budgetMs: 50,
  usesIndex: ['users_pkey', 'idx_users_username_unique'],
  sample: { readerId: '1', username: 'keeper' },
  row: z.object({ id: z.string(), username: z.string(), display_name: z.string() }),
});
