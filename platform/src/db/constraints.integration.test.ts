/** Every constraint of the schema is either an error that a repository declares, or a bug by the declaration below. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readExpectations } from '../../test/access/beside-features.ts';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { errorCatalogue } from '../errors.ts';
import type { ConstraintErrors } from './on-constraint.ts';

const source = join(import.meta.dirname, '..');

/** No request can violate these without a fault of ours, which answers 500 and is logged. More stand beside their features. */
const bugs: Readonly<Record<string, readonly string[]>> = {
  'the shape of the API refuses such a value first': [
    'idempotency_keys_key_length',
    'memberships_role_known',
    'sanctum_invitations_role_known',
    'sanctums_description_length',
    'sanctums_name_format',
    'sanctums_title_length',
    'sanctums_visibility_known',
    'users_bio_length',
    'users_display_name_length',
    'users_email_length',
    'user_privacy_friend_requests_known',
    'user_privacy_presence_known',
    'users_username_format',
  ],
  'the statement that writes it counts, bounds or chooses the value': [
    'friend_requests_two_people',
    'friendships_two_people',
    'user_blocks_two_people',
    'sanctums_member_count_not_negative',
    'sessions_generation_not_negative',
    'sessions_revocation_has_reason',
    'sessions_revoked_reason_known',
    'streams_head_positive',
    'streams_kind_known',
    'users_role_known',
  ],
  'the key is generated, or the statement says what a second row does': [
    'conversations_pkey',
    'friend_requests_pkey',
    'friendships_pkey',
    'idempotency_keys_pkey',
    'idx_friend_requests_pair_unique',
    'user_blocks_pkey',
    'user_privacy_pkey',
    'idx_conversations_sanctum_id_unique',
    'idx_memberships_one_owner',
    'memberships_pkey',
    'sanctum_rank_rewrites_pkey',
    'sanctum_bans_pkey',
    'sanctum_invitations_pkey',
    'sanctums_pkey',
    'sessions_pkey',
    'stream_events_pkey',
    'streams_pkey',
    'users_pkey',
    'ws_tickets_pkey',
  ],
  'the statement locks or makes the row that it points at': [
    'fk_conversations_sanctum',
    'fk_friend_requests_from',
    'fk_friend_requests_to',
    'fk_friendships_friend',
    'fk_friendships_user',
    'fk_user_blocks_other',
    'fk_user_blocks_user',
    'fk_memberships_sanctum',
    'fk_sanctum_rank_rewrites_sanctum',
    'fk_sanctum_bans_sanctum',
    'fk_sanctum_invitations_sanctum',
    'fk_sessions_user',
  ],
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function declared(): Promise<{ file: string; errors: ConstraintErrors }[]> {
  const files = globSync(['features/**/*.repository.ts', 'http/**/*.ts', 'sockets/**/*.ts'], { cwd: source }).filter(
    (name) => !name.endsWith('.test.ts'),
  );
  const found = [];
  for (const file of files) {
    const module: Record<string, unknown> = await import(join(source, file));
    for (const [name, value] of Object.entries(module)) {
      if (/constraintErrors$/i.test(name)) found.push({ file, errors: value as ConstraintErrors });
    }
  }
  return found;
}

async function constraintsOfSchema(): Promise<string[]> {
  const { rows } = await database.client.query<{ name: string }>(
    `select conname::text as name from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f', 'c', 'x')
       and conrelid <> 'schema_migrations'::regclass
       and conparentid = 0
     union
     select indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indisunique and not c.relispartition and c.relnamespace = 'public'::regnamespace and i.indrelid <> 'schema_migrations'::regclass
     order by 1`,
  );
  return rows.map((row) => row.name);
}

test('every constraint is an error of a repository or a declared bug, and nothing is declared that is not there', async () => {
  const errors = (await declared()).flatMap((one) => Object.keys(one.errors));
  const beside = (await readExpectations()).flatMap(({ constraintBugs }) => Object.keys(constraintBugs));
  const known = [...Object.values(bugs).flat(), ...beside];
  expect(errors.length).toBeGreaterThan(8);
  expect(errors.filter((name) => known.includes(name))).toEqual([]);
  const schema = await constraintsOfSchema();
  expect(schema.length).toBeGreaterThan(50);
  expect([...new Set([...errors, ...known])].toSorted()).toEqual(schema.toSorted());
});

test('what a repository declares is an error of the catalogue that a client can do something about', async () => {
  for (const { file, errors } of await declared()) {
    for (const [constraint, code] of Object.entries(errors)) {
      expect(errorCatalogue[code]?.status, `${file} ${constraint}`).toBeLessThan(500);
    }
  }
});
