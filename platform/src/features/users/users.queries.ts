/** Statements about people. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';

const meRow = z.object({
  id: z.string(),
  username: z.string(),
  display_name: z.string(),
  email: z.string(),
  bio: z.string(),
  role: z.enum(['user', 'admin']),
  created_at: z.date(),
});
export type MeRow = z.output<typeof meRow>;

export const readMe = defineQuery({
  name: 'users.read_me',
  access: 'read',
  params: { userId: 'bigint' },
  text: `
    select id, username, display_name, email, bio, role, created_at
    from users
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
    returning id, username, display_name, email, bio, role, created_at`,
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
    select json_build_object(
      'id', id::text, 'username', username, 'displayName', display_name, 'bio', bio, 'createdAt', created_at
    )::text as profile
    from users
    where lower(username) = lower($1)`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique'],
  sample: { username: 'keeper' },
  row: z.object({ profile: z.string() }),
});
