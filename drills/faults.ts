/**
 * Drill: is the verdict to be believed? Reviews an untouched stack, then plants one fault at a time and expects the review to
 * name it completely, to end with the right exit code, and to be silent again once the finding's own fix was used.
 */
import { copyCheckout } from './lib/checkout.ts';
import { withStack } from './lib/stack.ts';
import type { DrillStack } from './lib/stack.ts';
import { renderTable, say } from './lib/table.ts';
import { createConvoy, lostIndex, undeclaredRedisKey } from './faults/database-faults.ts';
import type { Fault, Scene } from './faults/fault.ts';
import { brokenLayer, editedComment, editedStatement, openOrigin } from './faults/repository-faults.ts';
import { doubts, exitCodes, findingsOf, judge } from './faults/review.ts';
import type { Finding, Judged, Verdict } from './faults/review.ts';

interface Row {
  readonly fault: Fault;
  readonly judged?: Judged;
  readonly isCleared: boolean;
  readonly complaints: readonly string[];
}

interface Result {
  readonly untouched: Judged;
  readonly rows: readonly Row[];
  /** Of the reviews before and after the faults. */
  readonly complaints: readonly string[];
}

/** What a review has to say once a finding of this severity stands beside those of the untouched stack. */
function verdictWith(severity: Fault['severity'], before: Verdict): Verdict {
  if (severity === 'critical') return 'NO_GO';
  return severity === 'high' ? 'CONDITIONAL_GO' : before;
}

const texts = (finding: Finding) => [finding.subject, finding.detail, finding.location ?? ''].join('\n');

function incomplete(finding: Finding): string[] {
  const fields = ['subject', 'detail', 'location', 'risk', 'impact', 'fix', 'fingerprint'] as const;
  return fields.filter((field) => (finding[field] ?? '').trim() === '').map((field) => `the finding has no ${field}`);
}

async function drillOne(scene: Scene, fault: Fault, before: Verdict): Promise<Row> {
  try {
    await fault.plant(scene);
    const judged = await judge(scene.stack, ['review'], fault.env);
    const finding = findingsOf(judged, fault.check).find((one) => texts(one).includes(fault.names));
    if (finding === undefined) return { fault, judged, isCleared: false, complaints: ['no finding names it'] };
    const found = [...incomplete(finding), ...(await wrongEndings(scene.stack, fault, judged, finding, before))];
    const env = (await fault.cure(scene, finding)) ?? undefined;
    const after = await judge(scene.stack, ['audit', fault.check], env);
    const isCleared = after.exitCode === 0 && !findingsOf(after, fault.check).some((one) => one.fingerprint === finding.fingerprint);
    if (!isCleared) found.push(`still there after its fix (audit ended with ${after.exitCode}):\n${finding.fix}`);
    return { fault, judged, isCleared, complaints: found };
  } catch (error) {
    return { fault, isCleared: false, complaints: [error instanceof Error ? error.message : String(error)] };
  } finally {
    await fault.tidy?.(scene);
  }
}

async function wrongEndings(stack: DrillStack, fault: Fault, judged: Judged, finding: Finding, before: Verdict): Promise<string[]> {
  const { verdict, because } = judged.review;
  const expected = verdictWith(fault.severity, before);
  const audit = await judge(stack, ['audit', fault.check], fault.env);
  return [
    ...(finding.severity === fault.severity ? [] : [`its severity is ${finding.severity}, not ${fault.severity}`]),
    ...(verdict === expected ? [] : [`the verdict is ${verdict}, not ${expected}: ${because}`]),
    ...(judged.exitCode === exitCodes[expected] ? [] : [`the review ended with ${judged.exitCode}, not ${exitCodes[expected]}`]),
    ...(audit.exitCode === 1 ? [] : [`sanctum-ops audit ${fault.check} ended with ${audit.exitCode}, not 1`]),
  ];
}

async function drill(scene: Scene): Promise<Result> {
  const faults = [lostIndex, editedStatement, editedComment, createConvoy(), undeclaredRedisKey, openOrigin, brokenLayer];
  say('· review of the untouched stack');
  const untouched = await judge(scene.stack, ['review']);
  const before = untouched.review.verdict;
  const rows: Row[] = [];
  for (const fault of faults) {
    say(`· ${fault.name}`);
    rows.push(await drillOne(scene, fault, before));
  }
  say('· review after all of them');
  const last = await judge(scene.stack, ['review']);
  const complaints = [...doubts(untouched).map((doubt) => `untouched: ${doubt}`), ...doubts(last).map((doubt) => `afterwards: ${doubt}`)];
  if (last.review.verdict !== before) complaints.push(`afterwards: the verdict is ${last.review.verdict}, before it was ${before}`);
  return { untouched, rows, complaints };
}

function renderUntouched({ review, exitCode }: Judged): string {
  const skipped = review.checks.filter((check) => check.outcome === 'skipped');
  const examined = review.checks.filter((check) => check.outcome !== 'skipped').map((check) => check.examined);
  const findings = review.checks.flatMap((check) =>
    check.findings.map((finding) => `  ${finding.severity} ${check.id}: ${finding.subject}\n`),
  );
  return [
    `untouched: ${review.verdict}, exit code ${exitCode}; ${review.checks.length} checks, each examined at least ${Math.min(...examined)}; `,
    `skipped: ${skipped.map((check) => check.id).join(', ') || 'none'}\n${findings.join('')}\n`,
  ].join('');
}

const head = ['fault', 'check', 'severity', 'verdict', 'exit code', 'cleared', 'result'];

function renderRow({ fault, judged, isCleared, complaints }: Row): (string | number)[] {
  const cleared = isCleared ? `yes, ${fault.wayBack}` : 'NO';
  const verdict = judged?.review.verdict ?? 'none';
  return [fault.name, fault.check, fault.severity, verdict, judged?.exitCode ?? 'none', cleared, complaints.length === 0 ? 'ok' : 'FAILED'];
}

async function main(): Promise<boolean> {
  say('· a copy of the checkout, and a stack from it');
  const checkout = copyCheckout();
  const results: Result[] = [];
  try {
    await withStack({ root: checkout.root, flags: [] }, async (stack) => void results.push(await drill({ stack, root: checkout.root })));
  } finally {
    checkout.remove();
  }
  const complaints = results.flatMap(({ rows, complaints: own }) => [
    ...own,
    ...rows.flatMap((row) => row.complaints.map((complaint) => `${row.fault.name}: ${complaint}`)),
  ]);
  for (const { untouched, rows } of results)
    process.stdout.write(`${renderUntouched(untouched)}${renderTable([head, ...rows.map(renderRow)])}\n`);
  for (const complaint of complaints) process.stdout.write(`\nFAILED ${complaint}\n`);
  return complaints.length === 0;
}

process.exitCode = (await main()) ? 0 : 1;
