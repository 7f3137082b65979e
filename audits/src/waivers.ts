import { matchesGlob } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import { z } from 'zod';
import type { Finding } from './check.ts';

/** Where waivers stand, from the repository's root. */
export const waiversPath = 'audits/waivers.yaml';
export const waiversSchema = 'sanctum.waivers/1';
/** A waiver is a debt with a date: it cannot be dated further ahead than this. */
export const waiverDaysMax = 90;
const waiversMax = 500;
const dayMs = 86_400_000;

const entrySchema = z
  .strictObject({
    check: z.string().regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/, 'is a check id: <group>/<bad-condition>'),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{16}$/, 'is the sixteen hexadecimal digits shown with the finding')
      .optional(),
    subject: z.string().min(1).optional(),
    owner: z.string().trim().min(2, 'names the person who answers for it'),
    reason: z.string().trim().min(10, 'says in at least ten characters why the finding may stay'),
    expires: z.iso.date('is a day: YYYY-MM-DD'),
  })
  .refine((entry) => entry.fingerprint !== undefined || entry.subject !== undefined, {
    message: 'needs a fingerprint or a subject; without one it would waive every finding of the check',
  });

export interface Waiver {
  readonly check: string;
  readonly fingerprint?: string | undefined;
  /** Glob over the finding's subject: `posts.*`. */
  readonly subject?: string | undefined;
  readonly owner: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day (UTC) on which it holds. */
  readonly expires: string;
  /** 1-based line of the entry in the file. */
  readonly line: number;
}

export interface MalformedWaiver {
  readonly line: number;
  /** What names the entry, as far as it can be read. */
  readonly label: string;
  readonly problem: string;
}

export interface Waivers {
  /** Well formed, expired ones included. */
  readonly entries: readonly Waiver[];
  /** These waive nothing. */
  readonly malformed: readonly MalformedWaiver[];
}

export const noWaivers: Waivers = { entries: [], malformed: [] };

/** Reads the waiver file's text. Never throws: what cannot be read is `malformed` and waives nothing. */
export function parseWaivers(text: string, now: Date): Waivers {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) return onlyMalformed(lines.linePos(broken.pos[0]).line, `is not YAML: ${broken.message.split('\n')[0]}`);
  if (document.get('schema') !== waiversSchema) return onlyMalformed(1, `has to start with "schema: ${waiversSchema}"`);
  const list = document.get('waivers', true);
  if (!isSeq(list)) return onlyMalformed(1, 'has no list "waivers:" (write "waivers: []" when there are none)');
  if (list.items.length > waiversMax) return onlyMalformed(1, `holds ${list.items.length} waivers; at most ${waiversMax} are read`);

  const entries: Waiver[] = [];
  const malformed: MalformedWaiver[] = [];
  for (const item of list.items as Node[]) {
    const line = lines.linePos(item.range?.[0] ?? 0).line;
    const parsed = entrySchema.safeParse(item.toJS(document));
    if (!parsed.success) {
      const problem = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'entry'}: ${issue.message}`).join('; ');
      malformed.push({ line, label: labelOf(item), problem });
      continue;
    }
    if (Date.parse(parsed.data.expires) > now.getTime() + waiverDaysMax * dayMs) {
      const latest = new Date(now.getTime() + waiverDaysMax * dayMs).toISOString().slice(0, 10);
      malformed.push({
        line,
        label: labelOf(item),
        problem: `expires: ${parsed.data.expires} is more than ${waiverDaysMax} days ahead; ${latest} at the latest`,
      });
      continue;
    }
    entries.push({ ...parsed.data, line });
  }
  return { entries, malformed };
}

/** True after the waiver's last day has ended (UTC). */
export function hasExpired(waiver: Waiver, now: Date): boolean {
  return now.getTime() >= Date.parse(waiver.expires) + dayMs;
}

/** True when the waiver is about this finding, expired or not. Given both, fingerprint and subject must fit. */
export function concerns(waiver: Waiver, checkId: string, finding: Finding): boolean {
  if (waiver.check !== checkId) return false;
  if (waiver.fingerprint !== undefined && waiver.fingerprint !== finding.fingerprint) return false;
  return waiver.subject === undefined || waiver.subject === finding.subject || matchesGlob(finding.subject, waiver.subject);
}

/** The first waiver in force for a finding, or undefined. */
export function waiverFor(waivers: Waivers, checkId: string, finding: Finding, now: Date): Waiver | undefined {
  return waivers.entries.find((waiver) => !hasExpired(waiver, now) && concerns(waiver, checkId, finding));
}

/** How a waiver is named in findings about it. */
export function waiverLabel(waiver: Pick<Waiver, 'check' | 'fingerprint' | 'subject'>): string {
  return `${waiver.check} ${waiver.fingerprint ?? ''}${waiver.fingerprint && waiver.subject ? ' ' : ''}${waiver.subject ?? ''}`.trim();
}

function onlyMalformed(line: number, problem: string): Waivers {
  return { entries: [], malformed: [{ line, label: waiversPath, problem: `The file ${problem}.` }] };
}

function labelOf(item: Node): string {
  if (!isMap(item)) return 'an entry that is not a map';
  const text = (key: string) => {
    const node = item.get(key, true);
    return isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
  };
  return waiverLabel({ check: text('check') ?? 'an entry without a check', fingerprint: text('fingerprint'), subject: text('subject') });
}
