import { verdictLabel } from '@sanctum/audits/words';
import type { Paint } from '../../output.ts';
import type { Review } from '../../review.ts';
import { seconds } from '../../steps/steps.ts';

export interface UpSummary {
  readonly url: string;
  readonly owner: { readonly username: string; readonly password: string } | undefined;
  readonly secretsFile: string;
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly database: string;
  readonly redis: string;
  readonly instances: readonly { readonly instance: number; readonly pid: number; readonly port: number }[];
  readonly alreadyRunning: boolean;
  readonly durationMs: number;
}

/** The block that ends a start: where it is, how to sign in, where things lie, how to stop, what next. */
export function renderSummary(summary: UpSummary, paint: Paint): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Web app', paint.cyan(summary.url)],
    ['API', `${summary.url}/api  (document: ${summary.url}/api/openapi.json)`],
    ...signInRows(summary),
    ['Stores', `PostgreSQL ${summary.database}, Redis ${summary.redis}`],
    ...(summary.instances.length < 2
      ? []
      : [['Behind it', summary.instances.map(({ instance, port }) => `${instance}: port ${port}`).join('   ·   ')] as const]),
    ['Data', summary.dataFolder],
    ['Logs', summary.logFolder],
    ['Stop', 'make down'],
    ['Next', 'npx sanctum-ops review   ·   npx sanctum-ops status   ·   npx sanctum-ops doctor'],
  ];
  const title = summary.alreadyRunning ? 'Sanctum is already running' : `Sanctum is up after ${seconds(summary.durationMs)}`;
  return ['', paint.bold(title), '', ...rows.map(([name, value]) => `  ${paint.dim(name.padEnd(9))} ${value}`), ''].join('\n');
}

function signInRows({ owner, secretsFile }: UpSummary): (readonly [string, string])[] {
  if (owner === undefined) return [['Sign in', 'register in the web app']];
  return [
    ['Sign in', `${owner.username}  /  ${owner.password}`],
    ['', `(kept in ${secretsFile})`],
  ];
}

const worstShown = 5;

/** The quick review in a few lines: the verdict, why, and the worst findings by name. */
export function renderVerdict(review: Review, paint: Paint): string {
  const colour = { GO: paint.green, CONDITIONAL_GO: paint.yellow, NO_GO: paint.red, INCONCLUSIVE: paint.yellow }[review.verdict];
  const { critical, high, medium, low } = review.summary;
  const open = review.checks.flatMap((check) =>
    check.findings.filter((finding) => !finding.waived).map((finding) => ({ id: check.id, ...finding })),
  );
  const worst = ['critical', 'high'].flatMap((severity) => open.filter((finding) => finding.severity === severity)).slice(0, worstShown);
  return [
    `${paint.bold('Readiness')}  ${colour(paint.bold(verdictLabel(review.verdict)))}  ${review.because}`,
    `  ${review.checks.length} checks in ${seconds(review.durationMs)}: ${critical} critical, ${high} high, ${medium} medium, ${low} low`,
    ...worst.map((finding) => `  ${finding.severity}  ${finding.subject}  ${paint.dim(finding.id)}`),
    `  ${paint.dim('the whole report: npx sanctum-ops review')}`,
    '',
  ].join('\n');
}
