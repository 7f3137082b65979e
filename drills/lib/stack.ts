/** A whole Sanctum of its own for one drill, started as its user starts it: by `sanctum-ops up`. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { choosePort } from '@sanctum/platform/local/ports';
import { z } from 'zod';
import { say } from './table.ts';

export const repositoryRoot = join(import.meta.dirname, '../..');

const interruptedExitCode = 130;
/** Settings of this shell that would point the drill at somebody else's servers. */
const foreignSettings = [
  'DATABASE_URL',
  'DATABASE_REPLICA_URL',
  'REDIS_URL',
  'SANCTUM_URL',
  'SANCTUM_PROFILE',
  'JWT_SECRET',
  'PUBLIC_ORIGIN',
  'ALLOWED_HOSTS',
  'OPERATIONS_TOKEN',
  'PORT',
  'HOST',
];

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Part = 'platform' | 'postgres' | 'redis';

export interface DrillStack {
  readonly url: string;
  /** The folder with its state. */
  readonly home: string;
  /** What a shell of this stack's user has; no addresses, as after `sanctum-ops up`. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Runs `sanctum-ops` in a process of its own against this stack. Never throws for an exit code. */
  ops(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** `sanctum-ops up` with this stack's port. Throws with what it printed when it does not end with 0. */
  up(...flags: string[]): Promise<void>;
  down(): Promise<void>;
  /** Process id of a part as `sanctum-ops status` knows it. Throws when it does not run. */
  pid(part: Part): Promise<number>;
  /** Addresses with credentials, from the run file that only this user may read. */
  addresses(): { readonly databaseUrl: string; readonly redisUrl: string | undefined };
  /** Runs a line in bash as a person would who follows a fix: in the checkout, with DATABASE_URL and REDIS_URL set. */
  paste(text: string): Promise<CommandResult>;
}

export interface StackOptions {
  /** The checkout whose `sanctum-ops` and platform are used. */
  readonly root?: string;
  readonly flags: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const statusShape = z.object({ processes: z.record(z.string(), z.object({ pid: z.number().nullable() })) });
const runShape = z.object({ databaseUrl: z.string(), redisUrl: z.string().optional() });

/** Gives `work` a stack that is up, and stops and removes it afterwards, on Ctrl-C too. */
export async function withStack(options: StackOptions, work: (stack: DrillStack) => Promise<void>): Promise<void> {
  const root = options.root ?? repositoryRoot;
  const home = mkdtempSync(join(tmpdir(), 'sanctum-drill-'));
  // The user that PostgreSQL runs as has to enter it.
  chmodSync(home, 0o755);
  const port = await choosePort();
  const env = environment(root, home, options.env);
  const launcher = join(root, 'ops-cli/bin/sanctum-ops.js');
  const clear = () => {
    const { status, stderr } = spawnSync(process.execPath, [launcher, 'down'], { env, encoding: 'utf8' });
    // What still runs needs its folder, and the person who ends it needs the run files in there.
    if (status !== 0) return say(`the stack in ${home} could not be stopped: ${stderr}\nend it: SANCTUM_HOME=${home} npx sanctum-ops down`);
    rmSync(home, { recursive: true, force: true });
  };
  const interrupt = () => {
    clear();
    process.exit(interruptedExitCode);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const stack = createStack({ root, home, port, env, launcher, flags: options.flags });
  try {
    await stack.up();
    await work(stack);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    clear();
  }
}

function environment(root: string, home: string, more: Readonly<Record<string, string>> | undefined): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreignSettings.includes(name)));
  const folders = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? '', join(repositoryRoot, '.sanctum/tools/bin')];
  return { ...own, PATH: folders.join(delimiter), NO_COLOR: '1', SANCTUM_HOME: home, ...more };
}

interface Parts {
  readonly root: string;
  readonly home: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly launcher: string;
  readonly flags: readonly string[];
}

function createStack({ root, home, port, env, launcher, flags }: Parts): DrillStack {
  const ops: DrillStack['ops'] = (argv, more) => run(process.execPath, [launcher, ...argv], { cwd: root, env: { ...env, ...more } });
  const mustEndWell = async (argv: readonly string[]) => {
    const result = await ops(argv);
    if (result.exitCode !== 0)
      throw new Error(`sanctum-ops ${argv.join(' ')} ended with ${result.exitCode}:\n${result.stderr}${result.stdout}`);
    return result;
  };
  const addresses = () => {
    const found = runShape.parse(JSON.parse(readFileSync(join(home, 'run/platform.json'), 'utf8')));
    return { databaseUrl: found.databaseUrl, redisUrl: found.redisUrl };
  };
  return {
    url: `http://127.0.0.1:${port}`,
    home,
    environment: env,
    ops,
    addresses,
    up: async (...more) => {
      await mustEndWell(['up', '--port', String(port), '--no-review', '--json', ...flags, ...more]);
    },
    down: async () => {
      await mustEndWell(['down']);
    },
    pid: async (part) => {
      const { stdout, stderr } = await ops(['status', '--json']);
      if (!stdout.startsWith('{')) throw new Error(`sanctum-ops status printed no document:\n${stderr}${stdout}`);
      const pid = statusShape.parse(JSON.parse(stdout)).processes[part]?.pid;
      if (typeof pid !== 'number') throw new Error(`sanctum-ops status knows no running ${part}`);
      return pid;
    },
    paste: (text) => {
      const { databaseUrl, redisUrl } = addresses();
      return run('bash', ['-c', `set -e\n${text}`], { cwd: root, env: { ...env, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } });
    },
  };
}

function run(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.once('error', reject);
  child.once('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
  return promise;
}
