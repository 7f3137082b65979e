import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotLook } from './check.ts';
import type { Check, CheckContext, EarlierOutcome } from './check.ts';
import { loadChecks } from './registry.ts';
import type { Selection } from './registry.ts';
import type { CheckReport, Review, ReviewedFinding } from './review.ts';
import { bySeverity } from './words.ts';
import { createTargets } from './targets/targets.ts';
import type { TargetOptions, Targets } from './targets/targets.ts';
import { judge, summarise } from './verdict.ts';
import { noWaivers, parseWaivers, waiverFor, waiversPath } from './waivers.ts';
import type { Waivers } from './waivers.ts';

const concurrencyDefault = 4;

export interface RunOptions extends Selection {
  readonly target: TargetOptions;
  /** One clock reading for the whole review; `new Date()` by default. */
  readonly now?: Date;
  /** Checks at a time. */
  readonly concurrency?: number;
  /** Aborts the review; checks that have not ended report `error`. */
  readonly signal?: AbortSignal;
  /** Called after each check, in the order in which they end. */
  readonly onReport?: (report: CheckReport, done: number, total: number) => void;
}

/**
 * Loads the selected checks, runs them and judges. Throws only for wrong usage (`UnknownSelection`) or a
 * registry that is itself broken; whatever a check or a target does ends up in its report.
 */
export async function runChecks(options: RunOptions): Promise<Review> {
  const checks = await loadChecks(options);
  const now = options.now ?? new Date();
  const targets = createTargets(options.target);
  const startedAt = performance.now();
  try {
    const waivers = await readWaivers(options.target.root, now);
    const reports = await runAll(checks, { ...options, targets, waivers, now });
    return {
      target: targets.labels,
      startedAt: now.toISOString(),
      durationMs: Math.round(performance.now() - startedAt),
      ...judge(reports),
      summary: summarise(reports),
      checks: reports,
    };
  } finally {
    await targets.close();
  }
}

async function readWaivers(root: string | undefined, now: Date): Promise<Waivers> {
  if (root === undefined) return noWaivers;
  // No file: nothing is waived, and the waiver checks report the missing file.
  const text = await readFile(join(root, waiversPath), 'utf8').catch(() => undefined);
  return text === undefined ? noWaivers : parseWaivers(text, now);
}

interface Bench {
  readonly targets: Targets;
  readonly waivers: Waivers;
  readonly now: Date;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onReport?: RunOptions['onReport'];
}

/** Runs checks that are already loaded, a few at a time; reports come back in the order of the checks. */
export async function runAll(checks: readonly Check[], bench: Bench): Promise<CheckReport[]> {
  const reports = new Map<string, CheckReport>();
  const raw = new Map<string, EarlierOutcome>();
  const runPhase = async (phase: readonly Check[]) => {
    const queue = [...phase];
    const earlier = [...raw.values()];
    const worker = async () => {
      for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
        const report = await runCheck(check, bench, earlier);
        reports.set(check.id, report);
        raw.set(check.id, { id: check.id, looked: report.outcome === 'pass' || report.outcome === 'fail', findings: report.findings });
        bench.onReport?.(report, reports.size, checks.length);
      }
    };
    await Promise.all(Array.from({ length: bench.concurrency ?? concurrencyDefault }, worker));
  };
  await runPhase(checks.filter((check) => !check.runsLast));
  await runPhase(checks.filter((check) => check.runsLast));
  return checks.map((check) => reports.get(check.id)).filter((report) => report !== undefined);
}

/** Runs one check to a report. Never throws: a check that does is reported as `error`. */
export async function runCheck(check: Check, bench: Bench, earlier: readonly EarlierOutcome[] = []): Promise<CheckReport> {
  const startedAt = performance.now();
  const finish = (part: Pick<CheckReport, 'outcome'> & Partial<CheckReport>): CheckReport => ({
    id: check.id,
    title: check.title,
    area: check.area,
    severity: check.severity,
    needs: check.needs,
    requirements: check.requirements,
    required: check.required ?? true,
    examined: 0,
    findings: [],
    durationMs: Math.round(performance.now() - startedAt),
    ...part,
  });
  const unmet = check.needs.map((need) => bench.targets.missing(need)).find((reason) => reason !== undefined);
  if (unmet !== undefined) return finish({ outcome: 'skipped', reason: unmet });

  try {
    const result = await withinTime(check, bench, earlier);
    if (result.notApplicable !== undefined) return finish({ outcome: 'skipped', reason: result.notApplicable, doesNotApply: true });
    if (result.examined === 0 && check.mayBeEmpty === undefined && result.findings.length === 0 && result.notLooked === undefined) {
      return finish({
        outcome: 'error',
        error: {
          message: 'It examined nothing, and for this check that cannot be right.',
          fix: `Make sure the target is the right one and complete, then run: npx sanctum-ops audit ${check.id}`,
        },
      });
    }
    const findings = result.findings.map((finding): ReviewedFinding => {
      const waiver = waiverFor(bench.waivers, check.id, finding, bench.now);
      const severity = finding.severity ?? check.severity;
      if (waiver === undefined) return { ...finding, severity, waived: false };
      const { owner, reason, expires } = waiver;
      return { ...finding, severity, waived: true, waiver: { owner, reason, expires } };
    });
    const seen = findings.some((finding) => !finding.waived) ? 'fail' : 'pass';
    return finish({
      outcome: result.notLooked === undefined ? seen : 'error',
      ...(result.notLooked === undefined ? {} : { error: result.notLooked }),
      examined: result.examined,
      findings: findings.toSorted((a, b) => bySeverity(a.severity, b.severity) || a.subject.localeCompare(b.subject)),
    });
  } catch (error) {
    return finish({ outcome: 'error', error: explain(check, error) });
  }
}

async function withinTime(check: Check, bench: Bench, earlier: readonly EarlierOutcome[]) {
  const time = new AbortController();
  const timer = setTimeout(() => {
    time.abort(
      new CouldNotLook(`It did not finish within ${check.timeoutMs} ms.`, {
        fix: `See what holds it up, then run it alone: npx sanctum-ops audit ${check.id}`,
      }),
    );
  }, check.timeoutMs);
  const signal = bench.signal ? AbortSignal.any([bench.signal, time.signal]) : time.signal;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const work = (async () => {
      const opened = await bench.targets.open(check.needs);
      const ctx: CheckContext = Object.defineProperties(
        { now: bench.now, signal, earlier } as CheckContext,
        Object.getOwnPropertyDescriptors(opened),
      );
      return check.run(ctx);
    })();
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function explain(check: Check, error: unknown): { message: string; fix: string } {
  if (error instanceof CouldNotLook) return { message: error.message, fix: error.fix };
  const code = (error as { code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  const fixes: Record<string, string> = {
    '57014': 'The statement ran into its time limit: see what the database is busy with (npx sanctum-ops audit postgres/lock-convoy).',
    '55P03': 'A lock was not free: see who holds it (npx sanctum-ops audit postgres/lock-convoy).',
    '42P01': 'A table is missing: bring the schema up to date with npx sanctum-ops migrate up.',
    '42703': 'A column is missing: bring the schema up to date with npx sanctum-ops migrate up.',
    '42501': 'The database user may not read this: grant pg_monitor and pg_read_all_data to it.',
  };
  const fix = (typeof code === 'string' ? fixes[code] : undefined) ?? `Run it alone and read the error: npx sanctum-ops audit ${check.id}`;
  return { message: `${message}${typeof code === 'string' ? ` (${code})` : ''}`, fix };
}
