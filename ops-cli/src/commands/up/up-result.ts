import type { DatabaseKind, PlatformRun, RedisKind } from '../../stack/platform-process.ts';
import type { Secrets } from '../../stack/secrets.ts';
import type { DemoOwner } from '../../stack/seed.ts';

/** What the steps found and made; each step fills in its own part. */
export interface UpResult {
  secrets?: Secrets;
  database?: { kind: DatabaseKind; url: string };
  redis?: { kind: RedisKind; url?: string };
  /** The only instance, or the first of several. */
  run?: PlatformRun | undefined;
  /** The proxy, where several instances stand behind it. */
  front?: { url: string; instances: number };
  owner?: DemoOwner;
  /** How to undo what this start began; the last first. */
  readonly undo: (() => Promise<unknown>)[];
}

export function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

export function required<T>(value: T | undefined, step: string): T {
  if (value === undefined) throw new Error(`the step "${step}" left no result`);
  return value;
}
