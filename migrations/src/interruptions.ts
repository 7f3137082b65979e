import { readFileSync } from 'node:fs';
import { finding } from './finding.ts';
import { classifyHalfApplied } from './half-applied.ts';
import type { HalfApplied } from './half-applied.ts';
import { findLockHolder } from './lock.ts';
import type { LockHolder } from './lock.ts';
import { loadParser } from './parser.ts';
import type { JournalEntry, MigrationFile, Queryable, VerifyFinding } from './types.ts';

/** A migration whose runner is gone, with what the catalogue says of how far it got. */
export interface Interruption {
  readonly entry: JournalEntry;
  readonly file: MigrationFile;
  /** The file as it was classified. */
  readonly text: string;
  readonly half: HalfApplied;
}

/** Tells the interrupted from those that another session is running at this moment. */
export async function readInterruptions(
  database: Queryable,
  files: readonly MigrationFile[],
  running: readonly JournalEntry[],
): Promise<{ findings: readonly VerifyFinding[]; interruptions: readonly Interruption[] }> {
  if (running.length === 0) return { findings: [], interruptions: [] };
  const holder = await findLockHolder(database);
  // The runner verifies under its own lock: then nobody else can be at it.
  if (holder !== null && !holder.isOwn) return { findings: running.map((entry) => runningNow(entry, holder)), interruptions: [] };
  const parser = await loadParser();
  const interruptions: Interruption[] = [];
  for (const entry of running) {
    const file = files.find((candidate) => candidate.number === entry.number);
    if (file === undefined) continue;
    const text = readFileSync(file.path, 'utf8');
    interruptions.push({ entry, file, text, half: await classifyHalfApplied(database, parser, text) });
  }
  return { findings: interruptions.map(halfApplied), interruptions };
}

function runningNow(entry: JournalEntry, holder: LockHolder): VerifyFinding {
  return finding('running', entry.name, {
    number: entry.number,
    detail: `${entry.name} is running now, started ${entry.startedAt.toISOString()} by ${holder.detail}.`,
    fix: 'Wait for it to finish, then verify again.',
  });
}

/** What the next run does about each state; null: only a person can tell how far it got. */
const waysOut: Readonly<Record<HalfApplied['state'], string | null>> = {
  'nothing-done': 'npx sanctum-ops migrate up runs it again.',
  repeatable: 'npx sanctum-ops migrate up runs it again.',
  'partly-done': 'npx sanctum-ops migrate up drops the invalid index concurrently and runs it again.',
  'done-not-recorded': 'npx sanctum-ops migrate up records it as applied; nothing runs twice.',
  unknown: null,
};

/** True when the next run settles it without a person. */
export function isRecoverable({ half }: Interruption): boolean {
  return waysOut[half.state] !== null;
}

function halfApplied({ entry, half }: Interruption): VerifyFinding {
  const byHand = `Look at the object. If it is complete: npx sanctum-ops migrate resolve ${entry.number} --as applied. If nothing happened: npx sanctum-ops migrate resolve ${entry.number} --as not-applied.`;
  return finding('half-applied', entry.name, {
    number: entry.number,
    detail: `${entry.name} was interrupted (started ${entry.startedAt.toISOString()}), ${half.state.replaceAll('-', ' ')}: ${half.detail}.`,
    fix: waysOut[half.state] ?? byHand,
  });
}
