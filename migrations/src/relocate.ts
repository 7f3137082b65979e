import { basename } from 'node:path';
import type { MigrationFolder } from './files.ts';
import { migrationsDir, sqlDir } from './files.ts';
import type { VerifyFinding } from './types.ts';

/**
 * Findings whose commands name the folder that was looked at. They are written for `migrations/` of a checkout; a folder
 * elsewhere, or with another tool's files, is named as it was given.
 */
export function relocated(findings: readonly VerifyFinding[], { dir, holder }: Pick<MigrationFolder, 'dir' | 'holder'>): VerifyFinding[] {
  const isOurs = dir === migrationsDir || (basename(dir) === 'migrations' && holder === sqlDir(dir));
  if (isOurs) return [...findings];
  const [sql, own] = [shellWord(holder), shellWord(dir)];
  return findings.map((entry) => ({
    ...entry,
    fix: entry.fix
      .replaceAll('migrations/sql/', () => `${sql}/`)
      .replaceAll('migrations/checksums.json', () => `${own}/checksums.json`)
      .replaceAll(/npx sanctum-ops migrate (sign|verify|lint)\b/g, (command) => `${command} --dir ${own}`),
  }));
}

/** A path as one word of a shell, whatever stands in it. */
function shellWord(path: string): string {
  return /^[\w./@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
