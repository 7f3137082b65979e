/** What `sanctum-ops review` and `audit` say, read as a program reads it. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { DrillStack } from '../lib/stack.ts';
import { say } from '../lib/table.ts';

const attemptsMax = 3;
const windowSecondsMax = 60;
/** What a check says that was refused for asking too often. */
const rateLimited = /answered 429: .*Wait (\d+) s/;

const findingShape = z.object({
  subject: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  detail: z.string(),
  location: z.string().nullable(),
  risk: z.string(),
  impact: z.string(),
  fix: z.string(),
  fingerprint: z.string(),
  waived: z.boolean(),
});
const reviewShape = z.object({
  verdict: z.enum(['GO', 'CONDITIONAL_GO', 'NO_GO', 'INCONCLUSIVE']),
  because: z.string(),
  checks: z.array(
    z.object({
      id: z.string(),
      outcome: z.enum(['pass', 'fail', 'error', 'skipped']),
      examined: z.number(),
      error: z.unknown(),
      reason: z.unknown(),
      findings: z.array(findingShape),
    }),
  ),
});

export type Finding = z.output<typeof findingShape>;
export type Severity = Finding['severity'];
export type Verdict = z.output<typeof reviewShape>['verdict'];
export interface Judged {
  readonly exitCode: number;
  readonly review: z.output<typeof reviewShape>;
}

/**
 * Runs `sanctum-ops <command> --json`. A drill reviews more often in a minute than anybody else, so that the platform's own
 * rate limit may stop a check of its HTTP side: then it waits as the check says, and asks again.
 * Throws with what was printed when that is no review.
 */
export async function judge(stack: DrillStack, command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Judged> {
  for (let attempt = 1; ; attempt += 1) {
    const judged = await judgeOnce(stack, command, env);
    const told = judged.review.checks
      .map((check) => rateLimited.exec(JSON.stringify(check.error ?? null))?.[1])
      .find((one) => one !== undefined);
    if (told === undefined || attempt === attemptsMax) return judged;
    say(`  the rate limit stopped a check; again in ${told} s`);
    await wait((Math.min(Number(told), windowSecondsMax) + 1) * 1_000);
  }
}

async function judgeOnce(stack: DrillStack, command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Judged> {
  const { exitCode, stdout, stderr } = await stack.ops([...command, '--json'], env);
  const isDocument = stdout.trimStart().startsWith('{');
  const parsed = isDocument ? reviewShape.safeParse(JSON.parse(stdout)) : undefined;
  if (parsed?.success !== true)
    throw new Error(`sanctum-ops ${command.join(' ')} printed no review (exit code ${exitCode}):\n${stderr}${stdout.slice(0, 2_000)}`);
  return { exitCode, review: parsed.data };
}

export function findingsOf({ review }: Judged, check: string): Finding[] {
  return review.checks.filter((one) => one.id === check).flatMap((one) => one.findings);
}

/** What keeps a review of the untouched stack from being believed; empty when nothing does. */
export function doubts({ review, exitCode }: Judged): string[] {
  const found = review.checks.flatMap((check) => {
    if (check.outcome === 'skipped') return check.reason ? [] : [`${check.id} was skipped and does not say why`];
    if (check.outcome === 'error') return [`${check.id} could not look: ${JSON.stringify(check.error)}`];
    return check.examined > 0 ? [] : [`${check.id} examined nothing`];
  });
  if (review.checks.length === 0) found.push('no check ran');
  if (review.verdict !== 'GO' && review.verdict !== 'CONDITIONAL_GO') found.push(`the verdict is ${review.verdict}: ${review.because}`);
  if (exitCode !== exitCodes[review.verdict]) found.push(`${review.verdict} ended with exit code ${exitCode}`);
  return found;
}

export const exitCodes: Readonly<Record<Verdict, number>> = { GO: 0, CONDITIONAL_GO: 0, NO_GO: 1, INCONCLUSIVE: 3 };
