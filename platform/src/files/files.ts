/**
 * Where files stand that people gave: a folder, or a bucket that speaks S3. Nothing here knows who may see what. A name is one that the
 * platform drew by chance, never one that somebody sent.
 */
export interface Files {
  readonly kind: 'folder' | 's3';
  /** Whole or not at all; the same name again replaces it. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Undefined when there is none. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Safe to repeat, and for what was never there. */
  remove(name: string): Promise<void>;
}

const namePattern = /^[a-z0-9-]{8,64}$/;

/** Throws for what could lead out of the place: names are ours, so that would be a bug. */
export function checkedName(name: string): string {
  if (!namePattern.test(name))
    throw new Error('a file is named by 8 to 64 of a-z, 0-9 and "-": draw the name, never take it from a request');
  return name;
}
