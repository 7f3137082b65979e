import type pg from 'pg';
import * as queries from '../doctor.queries.ts';
import { connectPlainly, errorCode, errorText } from './connection.ts';

/** A setting that holds for every new session of the role, and whose it is. */
export interface GivenSetting {
  readonly name: string;
  readonly value: string;
  /** `alter role sanctum`, `alter database sanctum`, …; `alter system` for the server's own. */
  readonly owner: string;
  /** What a session of the role said about it. */
  readonly proof: string | undefined;
}

const queryCanceled = '57014';
const transactionTimeout = '25P04';

const judged = [
  'statement_timeout',
  'transaction_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'default_transaction_read_only',
  'default_transaction_isolation',
  'search_path',
  'fsync',
  'synchronous_commit',
  'enable_indexscan',
  'enable_bitmapscan',
];

/** What role, database and server hand to a session that asks for nothing, by their own words and by such a session. */
export async function readSettings(url: string, client: pg.Client): Promise<GivenSetting[]> {
  const { rows: given } = await client.query<{ name: string; value: string; owner: string }>(queries.givenSettings);
  const inForce = await askPlainly(url);
  const named = given.filter((row, index) => judged.includes(row.name) && given.findIndex((other) => other.name === row.name) === index);
  if (!Array.isArray(inForce)) {
    const culprit = named.find((row) => row.name.endsWith('_timeout'));
    const isServers = culprit === undefined;
    return isServers
      ? [{ name: inForce.setting, value: 'too short for a read of the settings', owner: 'alter system', proof: inForce.proof }]
      : named.map((row) => ({ ...row, proof: row === culprit ? inForce.proof : undefined }));
  }
  const servers = inForce.filter((row) => row.source === 'configuration file' && !named.some((one) => one.name === row.name));
  return [
    ...named.map((row) => ({ ...row, proof: undefined })),
    ...servers.map((row) => ({ name: row.name, value: `${row.setting}${row.unit}`, owner: 'alter system', proof: undefined })),
  ];
}

interface InForce {
  name: string;
  setting: string;
  unit: string;
  source: string;
}

async function askPlainly(url: string): Promise<InForce[] | { setting: string; proof: string }> {
  const client = await connectPlainly(url);
  try {
    return (await client.query<InForce>(queries.settingsInForce, [judged])).rows;
  } catch (error) {
    const code = errorCode(error);
    const proof = `a session of this role that asked for nothing was told: ${errorText(error)}`;
    if (code === queryCanceled) return { setting: 'statement_timeout', proof };
    if (code === transactionTimeout) return { setting: 'transaction_timeout', proof };
    throw error;
  } finally {
    await client.end().catch(() => undefined); // The server may have ended it.
  }
}
