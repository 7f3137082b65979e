/**
 * Drill: does every command end that has read SQL? A thousand times one is run on a folder with a difference, which loads the
 * parser and leaves V8's threads at work, and each has to be gone with its exit code in time. With --control one of them is
 * a process that never ends: the drill then has to end with 1.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from './lib/table.ts';

const root = join(import.meta.dirname, '..');
const program = join(root, 'ops-cli/bin/sanctum-ops.js');
/** Ends by this time even on a busy machine; a process that hangs does not end at all. */
const limitMs = 60_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    side: { type: 'string', default: '2' },
    control: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);

interface Ending {
  readonly what: string;
  readonly code: number | null;
}

/** Runs one command; code null means that it had to be killed. */
function runOnce(what: string, parameters: readonly string[]): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.stdout.resume();
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ what, code: isLate ? null : code });
    });
  });
}

const folder = await mkdtemp(join(tmpdir(), 'sanctum-exits-'));
try {
  await cp(join(root, 'migrations/sql'), join(folder, 'sql'), { recursive: true });
  await cp(join(root, 'migrations/checksums.json'), join(folder, 'checksums.json'));
  await writeFile(join(folder, 'sql/0006_posts.sql'), '-- changed\nselect 1;\n');
  const commands: readonly [string, string[]][] = [
    ['verify', [program, 'migrate', 'verify', '--files-only', '--dir', folder]],
    ['verify', [program, 'migrate', 'verify', '--files-only', '--dir', folder, '--json']],
    ['verify', [program, 'migrate', 'verify', '--files-only', '--dir', folder]],
    ['lint', [program, 'migrate', 'lint', join(folder, 'sql/0006_posts.sql')]],
    ['sign', [program, 'migrate', 'sign', '--dir', folder, '--dry-run']],
  ];
  const wanted: Readonly<Record<string, readonly number[]>> = { verify: [1], lint: [0, 1], sign: [1] };
  const wrong: Ending[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < runs) {
      const at = next;
      next += 1;
      const [what, parameters] = commands[at % commands.length] ?? ['verify', []];
      const isControl = values.control && at === 0;
      const ending = isControl ? await runOnce('control', ['-e', 'setInterval(() => {}, 1000)']) : await runOnce(what, parameters);
      if (!(wanted[ending.what] ?? []).includes(ending.code ?? -1)) wrong.push(ending);
      if ((at + 1) % 100 === 0) say(`· ${at + 1} of ${runs}, ${wrong.length} wrong`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.side) }, work));
  const hung = wrong.filter((ending) => ending.code === null);
  say(
    `${runs} runs: ${runs - wrong.length} ended as they should, ${hung.length} never ended, ${wrong.length - hung.length} with another exit code`,
  );
  for (const ending of wrong)
    say(`  ${ending.what}: ${ending.code === null ? `not gone after ${limitMs} ms` : `exit code ${ending.code}`}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
