import * as queries from '../doctor.queries.ts';
import { connect, errorCode, errorText } from './connection.ts';

/** The platform's own bounds: what is refused to us is refused to it. */
const platformStatementTimeoutMs = 2_500;
const lockTimeoutMs = 1_000;

export type WriteProbe = { readonly refusal: undefined } | { readonly refusal: string; readonly code: string | undefined };

/** Writes one row as the platform's role and takes it back. */
export async function probeWrite(url: string): Promise<WriteProbe> {
  const client = await connect(url, {
    statement_timeout: platformStatementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    options: '-c plan_cache_mode=force_generic_plan',
  });
  try {
    await client.query('begin');
    await client.query(queries.writeProbe);
    return { refusal: undefined };
  } catch (error) {
    return { refusal: errorText(error), code: errorCode(error) };
  } finally {
    await client.query('rollback').catch(() => undefined); // The end of the session takes the row back as well.
    await client.end().catch(() => undefined); // Nothing more is asked of it.
  }
}
