import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { printedByServer, sql } from '@sanctum/migrations/sql-text';
import { queryCatalogue } from '@sanctum/platform/db/catalogue';
import { repositoryRoot } from '../../../stack/home.ts';
import * as queries from '../doctor.queries.ts';
import type { Blind } from '../blind.ts';
import { connect, errorCode, errorText } from './connection.ts';
import { lookAtAdmission } from './admission.ts';
import type { Admission } from './admission.ts';
import { readJobs } from './jobs.ts';
import type { JobsSight } from './jobs.ts';
import { readLocks } from './locks.ts';
import type { LockSight } from './locks.ts';
import { readSettings } from './settings.ts';
import type { GivenSetting } from './settings.ts';
import { probeWrite } from './write.ts';
import type { WriteProbe } from './write.ts';

/** What one database says, asked as the platform's role. Fields are undefined when that part could not be looked at. */
export type DatabaseSight =
  | {
      readonly state: 'closed';
      readonly host: string;
      readonly code: string | undefined;
      readonly message: string;
      /** What keeps the role out, seen by the administrator of the local stack. */
      readonly admission: Admission | undefined;
    }
  | ({ readonly state: 'open'; readonly host: string } & Facts);

export interface Facts {
  readonly server: ServerState;
  readonly clockOffByMs: number;
  readonly use: readonly { application: string; role: string; connections: number; idle: number }[] | undefined;
  readonly settings: readonly GivenSetting[] | undefined;
  readonly write: WriteProbe | undefined;
  readonly locks: LockSight | undefined;
  readonly indexes: readonly IndexState[] | undefined;
  readonly tables: readonly { name: string; quoted: string; is_there: boolean; missing: readonly string[] }[] | undefined;
  readonly isSchemaUsable: boolean | undefined;
  readonly jobs: JobsSight | undefined;
  readonly platformSessions: readonly { application: string; address: string }[] | undefined;
}

interface ServerState {
  readonly in_recovery: boolean;
  readonly role: string;
  readonly database: string;
  readonly connections_max: number;
  readonly connections_reserved: number;
  readonly connections_reserved_more: number;
}

/** An index that queries of the catalogue promise to use; `definition` is undefined when it is not there. */
export interface IndexState {
  readonly name: string;
  readonly queries: readonly string[];
  readonly wanted: string | undefined;
  readonly definition: string | undefined;
  readonly isValid: boolean;
  readonly isBeingBuilt: boolean;
}

export interface DatabaseLook {
  readonly seen: DatabaseSight;
  readonly blind: readonly Blind[];
}

/** Looks at everything inside one database side by side; what cannot be read is named in `blind`. */
export async function lookAtDatabase(url: string, administratorUrl: string | undefined): Promise<DatabaseLook> {
  const host = URL.parse(url)?.host ?? 'its address';
  let client: pg.Client;
  try {
    client = await connect(url);
  } catch (error) {
    const admission = administratorUrl === undefined ? undefined : await lookAtAdmission(administratorUrl, url);
    return { seen: { state: 'closed', host, code: errorCode(error), message: errorText(error), admission }, blind: [] };
  }
  try {
    return await readAll(client, url, host);
  } finally {
    await client.end().catch(() => undefined); // A server that ended it first needs no goodbye.
  }
}

async function readAll(client: pg.Client, url: string, host: string): Promise<DatabaseLook> {
  const blind: Blind[] = [];
  const part = async <T>(name: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      blind.push({ name, reason: errorText(error) });
      return undefined;
    }
  };
  const before = Date.now();
  const { now_ms: theirs, ...server } = (await client.query<ServerState & { now_ms: number }>(queries.serverState)).rows[0]!;
  const clockOffByMs = Math.round(theirs - (before + Date.now()) / 2);
  const others = Promise.all([
    part('settings of the database', () => readSettings(url, client)),
    part('writing to the database', () => probeWrite(url)),
    part('locks', () => readLocks(url)),
  ]);
  const use = await part('connections', async () => (await client.query(queries.connectionUse)).rows);
  const indexes = await part('indexes', () => readIndexes(client));
  const tables = await part('tables', async () => (await client.query(queries.grants, [wantedSchema().tables])).rows);
  const schema = await part('schema', async () => (await client.query<{ usable: boolean }>(queries.schemaUsable)).rows[0]?.usable);
  const jobs = await part('jobs', () => readJobs(client));
  const platformSessions = await part('instances', async () => (await client.query(queries.platformSessions)).rows);
  const [settings, write, locks] = await others;
  return {
    seen: {
      state: 'open',
      host,
      server,
      clockOffByMs,
      use,
      settings,
      write,
      locks,
      indexes,
      tables,
      isSchemaUsable: schema,
      jobs,
      platformSessions,
    },
    blind,
  };
}

async function readIndexes(client: pg.Client): Promise<IndexState[]> {
  const users = new Map<string, string[]>();
  for (const query of queryCatalogue) for (const index of query.usesIndex) users.set(index, [...(users.get(index) ?? []), query.name]);
  const { rows } = await client.query<{ name: string; is_valid: boolean; is_being_built: boolean; definition: string }>(
    queries.indexesByName,
    [[...users.keys()]],
  );
  const found = new Map(rows.map((row) => [row.name, row]));
  const { indexes: wanted } = wantedSchema();
  return [...users].map(([name, names]) => ({
    name,
    queries: names,
    wanted: wanted.get(name),
    definition: found.get(name)?.definition,
    isValid: found.get(name)?.is_valid === true,
    isBeingBuilt: found.get(name)?.is_being_built === true,
  }));
}

/** Tables and indexes by the schema dump that is kept beside the migrations. */
function wantedSchema(): { tables: string[]; indexes: Map<string, string> } {
  const dump = readFileSync(join(repositoryRoot, 'migrations/schema.sql'), 'utf8');
  const tables = [...dump.matchAll(/^create table public\.(\w+) \(/gim)].map((match) => match[1] ?? '');
  const indexes = [...dump.matchAll(/^(create (?:unique )?index (\w+) on [^;]+);$/gim)].map(
    (match) => [match[2] ?? '', match[1] ?? ''] as const,
  );
  const keys = [...dump.matchAll(/^create table (public\.\w+) \(([\s\S]*?)^\);$/gim)].flatMap(([, table = '', body = '']) =>
    [...body.matchAll(/constraint (\w+) ((?:primary key|unique) \([^)]*\))/gi)].map(
      ([, name = '', rule = '']) =>
        [name, sql`alter table ${table.split('.')} add constraint ${name} ${printedByServer(rule) ?? sql``}`.text] as const,
    ),
  );
  return { tables, indexes: new Map([...indexes, ...keys]) };
}
