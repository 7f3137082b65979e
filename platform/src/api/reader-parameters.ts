/** The reader as queries see it: two parameters. */
import type { Reader } from './reader.ts';

/** Who looks; a null id for anonymous readers. */
export interface ReaderParameters {
  readonly userId: string | null;
  readonly admin: boolean;
}

/** Who writes: never anonymous. */
export interface WriterParameters {
  readonly userId: string;
  readonly admin: boolean;
}

export function readerParameters(reader: Reader | null): ReaderParameters {
  return { userId: reader?.userId ?? null, admin: reader?.role === 'admin' };
}

export function writerParameters(reader: Reader): WriterParameters {
  return { userId: reader.userId, admin: reader.role === 'admin' };
}
