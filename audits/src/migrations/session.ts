import type { ClientBase } from 'pg';
import type { DatabaseTarget } from '../check.ts';

/**
 * The read-only transaction of an audit in the shape of a client, for code that asks for one. Its transaction commands
 * are swallowed: the audit's own transaction is already open, reads one snapshot at most, and is always rolled back.
 */
export function asSession(query: DatabaseTarget['query']): ClientBase {
  const session = {
    query: async (text: string, values?: readonly unknown[]) => {
      if (/^(begin|commit|rollback)\b/.test(text)) return { rows: [] };
      return { rows: await query(text, values) };
    },
  };
  return session as unknown as ClientBase;
}
