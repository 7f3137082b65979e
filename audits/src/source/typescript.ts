/** Reads our TypeScript files as syntax trees (oxc-parser). */
import { parseSync, type ParseResult } from 'oxc-parser';
import { CouldNotLook, type RepositoryTarget } from '../check.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ParseResult;
  /** 1-based line of an offset. */
  lineOf(offset: number): number;
}

const sourcePatterns = ['platform/**/*.ts', 'migrations/**/*.ts', 'audits/**/*.ts', 'ops-cli/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'];

/** Every server-side source file, tests included; the web app has a compiler and a linter of its own. */
export async function serverSources(repository: RepositoryTarget): Promise<SourceFile[]> {
  return sourcesAt(repository, sourcePatterns, (path) => !path.startsWith('platform/web/'));
}

/** Source files that are written by hand, those of the web app and of the drills among them, without tests. */
export async function writtenSources(repository: RepositoryTarget): Promise<SourceFile[]> {
  const patterns = [...sourcePatterns, 'platform/web/src/**/*.tsx', 'drills/**/*.ts', 'loadtests/**/*.ts'];
  return sourcesAt(repository, patterns, (path) => !isTest(path) && !path.startsWith('platform/web/src/api/'));
}

async function sourcesAt(
  repository: RepositoryTarget,
  patterns: readonly string[],
  isMeant: (path: string) => boolean,
): Promise<SourceFile[]> {
  const paths = (await repository.files(patterns)).filter(isMeant);
  return Promise.all(paths.map((path) => readSource(repository, path)));
}

/** Throws `CouldNotLook` when the file does not parse: what cannot be read is not clean. */
export async function readSource(repository: RepositoryTarget, path: string): Promise<SourceFile> {
  const text = await repository.read(path);
  const tree = parseSync(path, text);
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const error = tree.errors.find((entry) => entry.severity === 'Error');
  if (error !== undefined) {
    const line = lineOf(error.labels[0]?.start ?? 0);
    throw new CouldNotLook(`${path}:${line} does not parse: ${error.message}`, {
      fix: `Correct the syntax of ${path}; try: make typecheck`,
    });
  }
  return { path, text, tree, lineOf };
}

export const isTest = (path: string): boolean => /\.(?:test|expectations)\.tsx?$/.test(path) || path.includes('/test/');
