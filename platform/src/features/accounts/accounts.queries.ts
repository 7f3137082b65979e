/** Statements about signing in. The only ones that touch password hashes. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';
import { meColumns, meRow } from '../users/users.fragments.queries.ts';

const accountRow = meRow.extend({ password_hash: z.string(), suspended: z.boolean() });
export type AccountRow = z.output<typeof accountRow>;

const accountColumns = `${meColumns('u')}, u.password_hash, u.suspended_at is not null as suspended`;

export const createAccount = defineQuery({
  name: 'accounts.create',
  access: 'write',
  params: { username: 'text', email: 'text', passwordHash: 'text', displayName: 'text' },
  text: `
    insert into users as u (username, email, password_hash, display_name)
    values ($1, $2, $3, $4)
    returning ${accountColumns}`,
  budgetMs: 50,
  usesIndex: [],
  sample: { username: 'ada', email: 'ada@example.org', passwordHash: '', displayName: 'Ada' },
  row: accountRow,
});

export const findByName = defineQuery({
  name: 'accounts.find_by_name',
  // Signing in right after registering has to find the account.
  access: 'write',
  params: { username: 'text' },
  text: `
    select ${accountColumns}
    from users u
    where lower(username) = lower($1)`,
  budgetMs: 20,
  usesIndex: ['idx_users_username_unique'],
  sample: { username: 'ada' },
  row: accountRow,
});

export const findByEmail = defineQuery({
  name: 'accounts.find_by_email',
  access: 'write',
  params: { email: 'text' },
  text: `
    select ${accountColumns}
    from users u
    where lower(email) = lower($1)`,
  budgetMs: 20,
  usesIndex: ['idx_users_email_unique'],
  sample: { email: 'ada@example.org' },
  row: accountRow,
});

export const findById = defineQuery({
  name: 'accounts.find_by_id',
  access: 'write',
  params: { userId: 'bigint' },
  text: `
    select ${accountColumns}
    from users u
    where id = $1`,
  budgetMs: 20,
  usesIndex: ['users_pkey'],
  sample: { userId: '1' },
  row: accountRow,
});

export const changePasswordHash = defineQuery({
  name: 'accounts.change_password_hash',
  access: 'write',
  params: { userId: 'bigint', oldHash: 'text', newHash: 'text' },
  text: `
    update users
    set password_hash = $3, updated_at = now()
    where id = $1 and password_hash = $2
    returning id`,
  budgetMs: 50,
  usesIndex: ['users_pkey'],
  sample: { userId: '1', oldHash: '', newHash: '' },
  row: z.object({ id: z.string() }),
});

export const suspendAccount = defineQuery({
  name: 'accounts.suspend',
  access: 'write',
  params: { userId: 'bigint' },
  text: `
    update users
    set suspended_at = coalesce(suspended_at, now()), updated_at = now()
    where id = $1
    returning id`,
  budgetMs: 50,
  usesIndex: ['users_pkey'],
  sample: { userId: '1' },
  row: z.object({ id: z.string() }),
});
