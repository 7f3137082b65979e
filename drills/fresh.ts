/**
 * Drill: does `make test` pass on a machine that has never seen Sanctum? A minimal Debian in a folder gets make, git, curl
 * and any Node.js with npm, one ordinary user, a clone of the last commit; then the whole suite runs there, as that user and as
 * root. It has processes and mounts of its own, which end with it; the network is this machine's.
 * With --control the clone gets a test that fails: the drill then has to end with 1.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildMachine } from './fresh/build-machine.ts';
import { cloneInto } from './fresh/clone-into.ts';
import { accounts, runInside } from './fresh/run-inside.ts';
import type { Account } from './fresh/run-inside.ts';
import { whatIsMissing } from './fresh/what-is-missing.ts';
import { repositoryRoot } from './lib/stack.ts';
import { renderTable, say } from './lib/table.ts';

const exitUsage = 2;

const { values } = parseArgs({
  options: {
    as: { type: 'string', multiple: true, default: [...accounts] },
    command: { type: 'string', default: 'make test' },
    folder: { type: 'string' },
    control: { type: 'boolean', default: false },
  },
});

function asked(): Account[] {
  return values.as.map((name) => {
    const account = accounts.find((known) => known === name);
    if (account === undefined) throw new Error(`--as takes ${accounts.join(' or ')}, not "${name}"`);
    return account;
  });
}

async function drill(folder: string): Promise<boolean> {
  say(`· a minimal Debian in ${folder}`);
  buildMachine(folder);
  const lines: (string | number)[][] = [];
  let isGreen = true;
  // The user first: what root installs would be there for everybody.
  for (const account of asked()) {
    cloneInto(folder, account, { plantFailingTest: values.control });
    const log = join(repositoryRoot, `.sanctum/logs/drill-fresh-${account}.log`);
    say(`· ${values.command}, as ${account}; tail -f ${log}`);
    const { exitCode, durationMs, lastLines } = await runInside(folder, account, values.command, log);
    if (exitCode !== 0) say(lastLines);
    isGreen &&= exitCode === 0;
    lines.push([account, exitCode === 0 ? 'passed' : `failed, exit code ${exitCode}`, Math.round(durationMs / 1000), log]);
  }
  process.stdout.write(`${renderTable([[values.command, 'outcome', 's', 'log'], ...lines])}\n`);
  return isGreen && lines.length > 0;
}

const missing = whatIsMissing();
if (missing.length > 0) {
  for (const line of missing) process.stderr.write(`${line}\n`);
  process.exitCode = exitUsage;
} else {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'sanctum-fresh-'));
  try {
    process.exitCode = (await drill(folder)) ? 0 : 1;
  } finally {
    // A folder that was named is kept for the next run; its packages are there then, its users' homes are made anew.
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
