import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readChecksums } from './checksums.ts';
import { MigrationError } from './errors.ts';
import { migrationsDir, readMigrationFolder, sqlDir } from './files.ts';
import { signMigrations } from './sign.ts';

export interface NewMigrationOptions {
  readonly dir?: string;
  /** Words for the file name: `add post pins` and `add_post_pins` are the same. */
  readonly name: string;
  /** The statement; with it the file is signed at once, without it a file to fill in is written. */
  readonly sql?: string;
  readonly down?: string;
  readonly dryRun?: boolean;
}

export interface NewMigrationResult {
  readonly number: number;
  readonly name: string;
  readonly path: string;
  readonly signed: boolean;
  readonly next: string;
}

const wordsMax = 80;

const template = `-- Why this change is needed, for the reader in a year.
-- Directives go above the first statement when the defaults do not fit:
-- no-transaction, lock-timeout 2s, statement-timeout 30s, each after "sanctum:".
-- Say what it means for releases that are running: "expand" when they keep working, "contract" when it takes
-- away what they use, "contract 0016" when releases that know migration 0016 no longer use it.
-- sanctum: expand

`;

/** Creates the next numbered migration. Throws MIGRATION_NAME_INVALID or, with `sql`, what signing throws. */
export async function newMigration(options: NewMigrationOptions): Promise<NewMigrationResult> {
  const dir = options.dir ?? migrationsDir;
  const words = options.name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/\.sql$/, '');
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(words) || words.length > wordsMax) {
    throw new MigrationError('MIGRATION_NAME_INVALID', `"${options.name}" cannot name a migration.`, {
      fix: `use at most ${wordsMax} letters, digits and underscores, a letter first: npx sanctum-ops migrate new add_post_pins`,
    });
  }
  const known = [...readMigrationFolder(dir).files, ...readChecksums(dir).files];
  const number = known.reduce((max, file) => Math.max(max, file.number), 0) + 1;
  const name = `${String(number).padStart(4, '0')}_${words}.sql`;
  const path = join(sqlDir(dir), name);
  const result = { number, name, path };
  const isComplete = options.sql !== undefined;
  const next = isComplete
    ? 'npx sanctum-ops migrate lint, then npx sanctum-ops migrate up'
    : `write the statement into ${path}, then npx sanctum-ops migrate sign`;
  if (options.dryRun === true) return { ...result, signed: false, next };
  mkdirSync(sqlDir(dir), { recursive: true });
  // The exclusive flag keeps two people at one moment from writing over each other.
  writeFileSync(path, options.sql === undefined ? template : withEnd(options.sql), { flag: 'wx' });
  if (options.down !== undefined) writeFileSync(path.replace(/\.sql$/, '.down.sql'), withEnd(options.down), { flag: 'wx' });
  if (isComplete) await signMigrations({ dir });
  return { ...result, signed: isComplete, next };
}

function withEnd(sql: string): string {
  const text = sql.trimEnd();
  return `${text}${text.endsWith(';') ? '' : ';'}\n`;
}
