/** Counts how often a folder of migrations and its journal are read, at the file system and at the driver themselves. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import type pg from 'pg';
import { describeDatabase, readJournal } from '../src/journal.queries.ts';

export interface Readings {
  /** Times the list of files was read. */
  readonly folder: number;
  readonly checksums: number;
  /** Times the journal was asked for its shape, and for its rows. */
  readonly journal: number;
  readonly rows: number;
}

/** Runs work and tells what it read of `dir`, and through `client` or whatever calls `hear` with its statements. */
export async function readingsOf(
  dir: string,
  client: pg.Client | null,
  work: (hear: (text: string) => void) => Promise<unknown>,
): Promise<Readings> {
  const seen = { folder: 0, checksums: 0, journal: 0, rows: 0 };
  const hear = (text: unknown): void => {
    if (text === describeDatabase) seen.journal += 1;
    if (text === readJournal) seen.rows += 1;
  };
  const { readdirSync, openSync } = fs;
  const query = client?.query;
  const listened = {
    readdirSync: (path: unknown, ...rest: unknown[]): unknown => {
      if (path === join(dir, 'sql')) seen.folder += 1;
      return Reflect.apply(readdirSync, fs, [path, ...rest]);
    },
    openSync: (path: unknown, ...rest: unknown[]): unknown => {
      if (path === join(dir, 'checksums.json')) seen.checksums += 1;
      return Reflect.apply(openSync, fs, [path, ...rest]);
    },
  };
  Object.assign(fs, listened);
  syncBuiltinESMExports();
  if (client !== null) {
    Object.assign(client, {
      query: (...asked: unknown[]): unknown => {
        hear(asked[0]);
        return Reflect.apply(query ?? client.query, client, asked);
      },
    });
  }
  try {
    await work(hear);
  } finally {
    Object.assign(fs, { readdirSync, openSync });
    syncBuiltinESMExports();
    if (client !== null) Reflect.deleteProperty(client, 'query');
  }
  return seen;
}
