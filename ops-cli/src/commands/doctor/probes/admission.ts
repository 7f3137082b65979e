import * as queries from '../doctor.queries.ts';
import { connect } from './connection.ts';

/** What the administrator sees when the platform's role cannot get in. */
export interface Admission {
  readonly role: string;
  readonly database: string;
  readonly has_role: boolean;
  readonly has_database: boolean;
  readonly can_log_in: boolean;
  readonly role_limit: number;
  readonly accepts_connections: boolean;
  readonly database_limit: number;
  readonly may_connect: boolean;
  readonly use: readonly { application: string; role: string; connections: number; idle: number }[];
}

/** Undefined when the administrator cannot get in either: then the server is the cause, not the role. */
export async function lookAtAdmission(administratorUrl: string, url: string): Promise<Admission | undefined> {
  const { username, pathname } = new URL(url);
  let client;
  try {
    client = await connect(administratorUrl);
  } catch {
    // The role's own error says it already.
    return undefined;
  }
  try {
    const row = (
      await client.query<Omit<Admission, 'use'>>(queries.admission, [decodeURIComponent(username), decodeURIComponent(pathname.slice(1))])
    ).rows[0];
    return row === undefined ? undefined : { ...row, use: (await client.query(queries.connectionUse)).rows };
  } finally {
    await client.end().catch(() => undefined); // Nothing more is asked of it.
  }
}
