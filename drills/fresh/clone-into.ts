/** A clone of the last commit in an empty home on the machine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../lib/stack.ts';
import { say } from '../lib/table.ts';
import { copyNpmSettings, run, userName } from './build-machine.ts';
import { homeOf } from './run-inside.ts';
import type { Account } from './run-inside.ts';

const failingTest = `import { expect, test } from 'vitest';\ntest('the drill notices a failure', () => expect(1).toBe(2));\n`;

export function cloneInto(folder: string, account: Account, options: { plantFailingTest: boolean }): void {
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: repositoryRoot, encoding: 'utf8' });
  if (changed !== '') say('  what is not committed is not tried');
  const home = join(folder, homeOf(account));
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  copyNpmSettings(home);
  const clone = join(home, 'sanctum');
  // A copy of the objects: the machine's user could not read links to ours.
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', repositoryRoot, clone], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (options.plantFailingTest) writeFileSync(join(clone, 'scripts/planted.test.ts'), failingTest);
  if (account === 'user') run('chroot', [folder, 'chown', '--recursive', `${userName}:`, `/${homeOf(account)}`]);
}
