/**
 * One thing a hostile account can do, in a file of its own below attacks/. It runs in a process of its own, so that what it
 * costs the attacker is not measured as the reader's.
 */
import type { Member } from '../lib/member.ts';

export interface Field {
  readonly url: string;
  /** For what an attacker prepared long ago: thousands of posts, a lock that a slow neighbour holds. */
  readonly databaseUrl: string;
  /** A name of the bulk data. */
  readonly sanctumName: string;
  /** A new account. */
  register(): Promise<Member>;
  /** Counts an answer to the attacker. */
  note(answer: { readonly status: number }): void;
}

export interface Attack {
  /** What the table calls it. */
  readonly title: string;
  /** Readies the field, before the reader is first measured; returns the attack itself, which goes on until the signal. */
  prepare(field: Field): Promise<(end: AbortSignal) => Promise<void>>;
}

/** Runs `work` again and again, so many times at once, until the signal. */
export async function flood(atOnce: number, end: AbortSignal, work: (lane: number) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: atOnce }, async (_, lane) => {
      while (!end.aborted) await work(lane);
    }),
  );
}
