#!/usr/bin/env node
// Plain JavaScript that any Node.js can read: it answers what needs no work at once, and hands
// everything else to the Node.js that the project pins.
import { existsSync, readFileSync } from 'node:fs';

const nodeMajorMin = 26;
const argv = process.argv.slice(2);
const here = (path) => new URL(path, import.meta.url);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${JSON.parse(readFileSync(here('../package.json'), 'utf8')).version}\n`);
} else if (argv.length === 1 && (argv[0] === '--help' || argv[0] === '-h')) {
  process.stdout.write(readFileSync(here('./help.txt'), 'utf8'));
} else if (Number.parseInt(process.versions.node, 10) < nodeMajorMin) {
  await runWithPinnedNode();
} else {
  await runHere();
}

async function runHere() {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { run } = await import('../src/main.ts');
  const { leaveProcess } = await import('@sanctum/platform/leave-process');
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      // The second time nobody waits for a clean end any more.
      if (interrupt.signal.aborted) leaveProcess(130);
      interrupt.abort(new Error(`interrupted by ${signal}`));
    });
  }
  // A reader that closes the pipe early (head, less) has what it wanted.
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') leaveProcess(0);
    process.stderr.write(
      `error: stdout cannot be written: ${error.message}\nfix: make room where it leads to, or send it somewhere else\n`,
    );
    leaveProcess(70);
  });
  const code = await run(argv, {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interrupt.signal,
  });
  // A driver's forgotten timer would hold the prompt back for seconds; the empty writes end after all others.
  process.stderr.write('', () => {
    process.stdout.write('', (error) => {
      if (!error) leaveProcess(code);
    });
  });
}

async function runWithPinnedNode() {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const pinned = ['../../node_modules/node/bin/node', '../../node_modules/.bin/node'].map(here).find((path) => existsSync(path));
  if (pinned === undefined) {
    process.stderr.write(
      `error: sanctum-ops needs Node.js ${nodeMajorMin} or later, this is ${process.versions.node}, and the project's own is not installed\nfix: run: make install\n`,
    );
    process.exitCode = 2;
    return;
  }
  const child = spawn(pinned.pathname, [new URL(import.meta.url).pathname, ...argv], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides what it means. Other signals are passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`error: cannot start ${pinned.pathname}: ${error.message}\nfix: run make install at the root of the repository\n`);
    process.exitCode = 70;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}
