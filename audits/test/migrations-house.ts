import { applyMigrations } from '@sanctum/migrations/apply';
import { signMigrations } from '@sanctum/migrations/sign';
import { dumpSchema } from '@sanctum/migrations/schema-dump';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../platform/test/harness/test-database.ts';
import type { Check, CheckResult } from '../src/check.ts';
import { runInWorld } from './context.ts';
import { createTemporaryRepository } from './temporary-repository.ts';

const signed = {
  '0001_people.sql':
    '-- Who there is.\ncreate table people (\n  id bigint generated always as identity primary key,\n  name text not null\n);\n',
  '0002_letters.sql':
    'create table letters (\n  id bigint generated always as identity primary key,\n  person_id bigint not null references people (id)\n);\ncreate index idx_letters_person_id on letters (person_id);\n',
  '0003_towns.sql': 'create table towns (\n  id bigint generated always as identity primary key\n);\n',
};

/** A checkout with three signed migrations, applied to a database of its own, and the schema dump beside them. */
export interface MigrationsHouse extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly root: string;
  look(check: Check): Promise<CheckResult>;
  read(name: string): string;
  write(name: string, text: string): void;
  remove(name: string): void;
  rename(from: string, to: string): void;
  /** Signs whatever stands there, as someone does who edits a migration and its checksum together. */
  signAll(): Promise<void>;
}

export async function createMigrationsHouse(): Promise<MigrationsHouse> {
  const files = Object.fromEntries(Object.entries(signed).map(([name, text]) => [`migrations/sql/${name}`, text]));
  const house = await createTemporaryRepository(files);
  const database = await createTestDatabase({ empty: true });
  const dir = join(house.root, 'migrations');
  const path = (name: string) => join(dir, 'sql', name);
  await signMigrations({ dir });
  await applyMigrations({ database: database.url, dir });
  house.write('migrations/schema.sql', await dumpSchema({ database: database.url }));
  return {
    database,
    root: house.root,
    look: (check) => runInWorld(check, { databaseUrl: database.url, root: house.root }),
    read: (name) => readFileSync(path(name), 'utf8'),
    write: (name, text) => writeFileSync(path(name), text),
    remove: (name) => rmSync(path(name)),
    rename: (from, to) => renameSync(path(from), path(to)),
    signAll: async () => {
      rmSync(join(dir, 'checksums.json'));
      await signMigrations({ dir });
    },
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await house[Symbol.asyncDispose]();
    },
  };
}
