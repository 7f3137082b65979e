/** Every comment of our code, tests and scripts included. */
import { parseSync } from 'oxc-parser';
import type { RepositoryTarget } from '../check.ts';

export interface Comment {
  readonly path: string;
  /** 1-based, of its first word. */
  readonly line: number;
  /** Without the signs around it. */
  readonly text: string;
}

const code = ['platform', 'migrations', 'audits', 'ops-cli', 'bench', 'drills', 'scripts'].flatMap((name) => [
  `${name}/**/*.ts`,
  `${name}/**/*.tsx`,
  `${name}/**/*.js`,
]);
const sql = ['migrations/**/*.sql'];
const generated = /^platform\/web\/src\/api\/|^platform\/web\/dist\//;

export async function commentsOf(repository: RepositoryTarget): Promise<{ files: number; comments: Comment[] }> {
  const comments: Comment[] = [];
  const paths = (await repository.files([...code, ...sql, '*.ts'])).filter((path) => !generated.test(path));
  for (const path of paths) {
    const text = await repository.read(path);
    const found = path.endsWith('.sql')
      ? [...text.matchAll(/--([^\n]*)|\/\*([\s\S]*?)\*\//g)].map((match) => ({ start: match.index, value: match[1] ?? match[2] ?? '' }))
      : parseSync(path, text).comments;
    for (const { start, value } of found) {
      const first = text.slice(0, start).split('\n').length;
      for (const [index, line] of value.split('\n').entries()) {
        const words = line.replace(/^[\s*/]+/, '').trim();
        if (words !== '') comments.push({ path, line: first + index, text: words });
      }
    }
  }
  return { files: paths.length, comments };
}
