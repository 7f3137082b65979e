/** A folder with just the files a test plants, as the repository target of a check. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Check, CheckContext, CheckResult, RepositoryTarget } from '../src/check.ts';
import { openRepository } from '../src/targets/repository.ts';

export interface TemporaryRepository extends AsyncDisposable {
  readonly root: string;
  readonly repository: RepositoryTarget;
  write(path: string, text: string): void;
}

export async function createTemporaryRepository(files: Readonly<Record<string, string>>): Promise<TemporaryRepository> {
  const root = mkdtempSync(join(tmpdir(), 'sanctum-repository-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const git = spawnSync('git', ['init', '-q', root]);
  if (git.status !== 0) throw new Error(`git init failed: ${String(git.stderr)}`);
  return {
    root,
    write,
    repository: await openRepository(root),
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Runs a check that needs only the repository. */
export function runOnRepository(check: Check, repository: RepositoryTarget): Promise<CheckResult> {
  if (check.needs.some((need) => need !== 'repository')) throw new Error(`${check.id} needs more than the repository`);
  // A view of its own: what a check keeps of a repository ends with the run, as it does with a review.
  return check.run({ repository: { ...repository }, now: new Date(), signal: AbortSignal.timeout(check.timeoutMs) } as CheckContext);
}
