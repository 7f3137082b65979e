/**
 * Reads the corpus of migrations: what a real team writes, dangerous and safe, written down before the linter was tuned to
 * it. Each case stands on the schema of `base.sql`, may be several files, and says which findings are right.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CorpusCase {
  readonly name: string;
  /** One of these rules has to find it; empty when nothing may be found. */
  readonly expected: readonly string[];
  /** Texts of the migrations, in order, without the base. */
  readonly files: readonly string[];
}

const folder = join(import.meta.dirname, 'corpus');

export const corpusBase: string = readFileSync(join(folder, 'base.sql'), 'utf8');

export function readCorpus(name: 'dangerous' | 'safe'): CorpusCase[] {
  const text = readFileSync(join(folder, `${name}.sql`), 'utf8');
  return text
    .split(/^-- case: /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...rest] = part.split('\n');
      const expected = rest[0]?.startsWith('-- expect: ') === true ? (rest.shift() ?? '').slice('-- expect: '.length).split(', ') : [];
      return { name: title, expected, files: rest.join('\n').split(/^-- next file\n/m) };
    });
}

/** The files of one case as a migrations folder has them. */
export function filesOf({ files }: CorpusCase): Record<string, string> {
  const numbered = files.map((text, at): [string, string] => [`${String(at + 2).padStart(4, '0')}_change.sql`, text]);
  return { '0001_base.sql': corpusBase, ...Object.fromEntries(numbered) };
}
