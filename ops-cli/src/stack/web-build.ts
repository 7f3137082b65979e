import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, globSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalError } from '@sanctum/platform/local/local-error';
import { logSize, logTail } from '@sanctum/platform/local/log-tail';
import { repositoryRoot } from './home.ts';

const filesMax = 5_000;
const logTailLines = 15;
const sources = ['platform/web/**', 'platform/openapi.json', 'package-lock.json'];
const generated = /^platform\/web\/(dist|node_modules|coverage|src\/api)(\/|$)/;

/** A digest of everything that the built web app is made from. */
export function webSourcesHash(root: string = repositoryRoot): string {
  const files = globSync(sources, { cwd: root, exclude: (path) => generated.test(path) })
    .filter((path) => !generated.test(path) && statSync(join(root, path)).isFile())
    .toSorted();
  if (files.length > filesMax) throw new Error(`the web app has more than ${filesMax} source files`);
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

const hashFile = (root: string) => join(root, 'platform/web/dist/.sources-sha256');

/** True when the built web app is the one that the sources describe. */
export function isWebAppBuilt(root: string = repositoryRoot): boolean {
  const file = hashFile(root);
  return existsSync(file) && existsSync(join(root, 'platform/web/dist/index.html')) && readFileSync(file, 'utf8') === webSourcesHash(root);
}

/**
 * Generates the client and builds the web app when its sources changed since the last time.
 * @returns whether it was built now
 * @throws LocalError LOCAL_COMMAND_FAILED with the last lines of the build
 */
export async function buildWebApp(options: { logFile: string; signal: AbortSignal }): Promise<boolean> {
  if (isWebAppBuilt()) return false;
  const hash = webSourcesHash();
  for (const script of ['generate', 'build']) await runScript(script, options);
  writeFileSync(hashFile(repositoryRoot), hash);
  return true;
}

async function runScript(script: string, options: { logFile: string; signal: AbortSignal }): Promise<void> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const from = logSize(options.logFile);
  const log = openSync(options.logFile, 'a');
  try {
    const child = spawn('npm', ['run', '--silent', script], {
      cwd: join(repositoryRoot, 'platform/web'),
      stdio: ['ignore', log, log],
      env: { ...process.env, NO_COLOR: '1' },
      signal: options.signal,
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code === 0) return;
    throw new LocalError('LOCAL_COMMAND_FAILED', `npm run ${script} of the web app ended with ${code ?? 'a signal'}`, {
      fix: `read ${options.logFile}; run it yourself with: npm run ${script} -w platform/web`,
      logTail: logTail(options.logFile, { linesMax: logTailLines, from }),
    });
  } finally {
    closeSync(log);
  }
}
