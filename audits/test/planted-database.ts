import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { conditionLimitMs } from '../../platform/test/harness/hang-limits.ts';
import type { Check, CheckResult } from '../src/check.ts';
import { loadParser } from '../../migrations/src/parser.ts';
import { splitStatements } from '../../migrations/src/statements.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/test/harness/test-database.ts';
import { runInWorld } from './context.ts';

export interface PlantedDatabase {
  /** Runs each statement by itself, as psql would. */
  sql(...statements: string[]): Promise<void>;
  /** Pastes a fix: every statement of it by itself. */
  paste(fix: string): Promise<void>;
  /** Looks as the owner, or as another user. */
  look(check: Check, as?: { user: string; password: string }): Promise<CheckResult>;
  /** Another session, for holding locks. */
  connect(application: string): Promise<pg.Client>;
  readonly url: string;
}

/** A migrated (or empty) database for one test file, to plant faults in. Registers its own clean-up. */
export function plantedDatabase(options: { empty?: boolean } = {}): PlantedDatabase {
  let database: TestDatabase | undefined;
  const clients: pg.Client[] = [];
  const current = () => {
    if (database === undefined) throw new Error('The database exists only while tests run.');
    return database;
  };
  beforeAll(async () => {
    database = await createTestDatabase(options);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => 'terminated by the test')));
    await database?.close();
  });
  const sql = async (...statements: string[]) => {
    for (const statement of statements) await current().client.query(statement);
  };
  return {
    sql,
    paste: async (fix) => sql(...(await statementsOf(fix))),
    look: (check, as) => {
      const url = new URL(current().url);
      if (as !== undefined) Object.assign(url, { username: as.user, password: as.password });
      return runInWorld(check, { databaseUrl: String(url), root: new URL('../../', import.meta.url).pathname });
    },
    connect: async (application) => {
      const client = new pg.Client({ connectionString: current().url, application_name: application });
      // A session that the test terminates reports it here; that is what the test is about.
      client.on('error', () => undefined);
      clients.push(client);
      await client.connect();
      return client;
    },
    get url() {
      return current().url;
    },
  };
}

/** Divides a pasted text as psql does: by the scanner of PostgreSQL. Throws when it is no SQL. */
export async function statementsOf(text: string): Promise<string[]> {
  const parser = await loadParser();
  const parsed = parser.parse(text);
  if ('error' in parsed) throw new Error(`The text cannot be pasted: ${parsed.error.message}: ${JSON.stringify(text)}`);
  const { statements, isScanned } = splitStatements(parser, text);
  if (!isScanned) throw new Error(`The text cannot be read as SQL: ${JSON.stringify(text)}`);
  return statements.map((statement) => statement.text);
}

const waitMsMax = conditionLimitMs;

/** Asks until the condition holds. Throws after a minute, naming it. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + waitMsMax;
  while (performance.now() < deadline) {
    if (await holds()) return;
  }
  throw new Error(`It did not happen within ${waitMsMax} ms: ${what}`);
}
