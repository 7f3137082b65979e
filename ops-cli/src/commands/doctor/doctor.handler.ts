import { setTimeout as delay } from 'node:timers/promises';
import type { TargetOptions } from '../../common-options.ts';
import type { CommandContext, Handler } from '../../context.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { stackHome } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { readPlatformRuns } from '../../stack/platform-process.ts';
import { frontOf } from '../../stack/proxy.ts';
import { resolveTarget } from '../../target.ts';
import type { TargetAddresses } from '../../target.ts';
import { cure } from './cure.ts';
import { diagnose, exitCodeOf } from './diagnose.ts';
import type { DoctorOptions, Examined } from './doctor.document.ts';
import { renderDoctor } from './doctor.screen.ts';
import { lookElsewhere, lookLocally } from './look.ts';
import type { ElsewhereSecrets } from './look.ts';
import { loadCauses } from './registry.ts';

const waitMsMax = 300_000;
const waitIntervalMs = 1_000;

/** Looks at every part at once and ranks what is wrong now. Changes nothing, unless a cure is asked for. */
export const doctor: Handler<DoctorOptions> = async (context, options) => {
  const { output } = context;
  if (options.cure !== undefined) return cure(context, options, options.cure, () => examine(context, options));
  const { diagnosis } = options.wait ? await waitUntilCalm(context, options) : await examine(context, options);
  if (output.isJson) output.json('sanctum.doctor/1', diagnosis);
  else output.data(renderDoctor(diagnosis, output.paint, output.columns));
  return exitCodeOf(diagnosis) satisfies ExitCode;
};

/** One look and its judgement. */
async function examine({ env, cwd }: CommandContext, options: TargetOptions): Promise<Examined> {
  const home = stackHome(env);
  const target = resolveTarget(options, env, cwd);
  const isElsewhere = target.source !== 'local stack' && target.source !== 'nowhere' && !isLocalStack(home, target);
  const [look, causes] = await Promise.all([
    isElsewhere ? lookElsewhere(home, target, secretsOf(target.config?.env)) : lookLocally(home, env),
    loadCauses(),
  ]);
  return { look, ...diagnose(look, causes, options) };
}

/** Addresses that were typed may be those of the local stack: then more of it can be seen, and cured. */
function isLocalStack(home: StackHome, { databaseUrl, redisUrl, url }: TargetAddresses): boolean {
  const [run] = readPlatformRuns(home);
  return run !== undefined && run.databaseUrl === databaseUrl && run.redisUrl === redisUrl && frontOf(home)?.url === url;
}

function secretsOf(env: Readonly<Record<string, string | undefined>> | undefined): ElsewhereSecrets {
  return { jwtSecret: env?.['JWT_SECRET'], operationsToken: env?.['OPERATIONS_TOKEN'] };
}

/** Looks again while waiting is what helps: while a start is under way, a log is replayed, a crowd is there. */
async function waitUntilCalm(context: CommandContext, options: TargetOptions): Promise<Examined> {
  const deadline = performance.now() + waitMsMax;
  for (;;) {
    const examined = await examine(context, options);
    const first = examined.diagnosis.causes[0];
    const mayPass = first !== undefined && first.next.includes(' doctor --wait');
    if (!mayPass || performance.now() > deadline) return examined;
    context.output.redraw(`· waiting: ${first.title}`);
    await delay(waitIntervalMs, undefined, { signal: context.signal });
  }
}
