/**
 * Our code as the compiler sees it: one program with types, shared by every check of a review.
 *
 * TypeScript 7 has no JavaScript API, so this is version 6's, which reads the same language. Of the packages
 * only those whose types a check asks for are resolved; everything else is `any`, which no check judges.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-js-api';
import { CouldNotLook, type RepositoryTarget } from '../check.ts';

export interface CodeFile {
  /** From the repository's root. */
  readonly path: string;
  readonly tree: ts.SourceFile;
}

export interface Program {
  readonly files: readonly CodeFile[];
  readonly checker: ts.TypeChecker;
  /** 1-based line at which a node begins. */
  lineOf(node: ts.Node): number;
  /** The path from the root of the file that a node stands in; undefined outside the repository's own code. */
  pathOf(node: ts.Node): string | undefined;
}

const patterns = ['platform', 'migrations', 'audits', 'ops-cli'].flatMap((name) => [`${name}/src/**/*.ts`, `${name}/src/**/*.tsx`]);
const morePatterns = ['platform/local/**/*.ts', 'audits/checks/**/*.ts', 'platform/web/src/**/*.ts', 'platform/web/src/**/*.tsx'];
const notJudged = /\.(test|d|gen)\.tsx?$|\/test\/|^platform\/web\/src\/api\//;
const resolvedPackages = /^(?:@sanctum\/.*|node:.*|pg|ioredis|ws)$/;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  jsx: ts.JsxEmit.Preserve,
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

/** Where the packages of this house stand: a planted repository has none of its own. */
const house = join(import.meta.dirname, '../../..');
/** Trees of declaration files, which never change while a program runs. One per file of TypeScript and of the few packages. */
const declarations = new Map<string, ts.SourceFile | undefined>();
const programs = new WeakMap<RepositoryTarget, Promise<Program>>();

/** The program of a repository; made once for each opened repository. */
export function programOf(repository: RepositoryTarget): Promise<Program> {
  const known = programs.get(repository);
  if (known !== undefined) return known;
  const made = createProgram(repository);
  programs.set(repository, made);
  return made;
}

async function createProgram(repository: RepositoryTarget): Promise<Program> {
  const paths = (await repository.files([...patterns, ...morePatterns])).filter((path) => !notJudged.test(path));
  const texts = new Map<string, string>();
  // One after the other: a repository may have more files than a process may open.
  for (const path of paths) texts.set(join(repository.root, path), await repository.read(path));
  const program = ts.createProgram([...texts.keys()], options, createHost(repository.root, texts));
  const files = paths.flatMap((path): CodeFile[] => {
    const tree = program.getSourceFile(join(repository.root, path));
    return tree === undefined ? [] : [{ path, tree }];
  });
  for (const { path, tree } of files) refuseBrokenSyntax(program, path, tree);
  const own = new Map(files.map(({ path, tree }) => [tree, path]));
  return {
    files,
    checker: program.getTypeChecker(),
    lineOf: (node) => {
      const tree = node.getSourceFile();
      return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    },
    pathOf: (node) => own.get(node.getSourceFile()),
  };
}

function refuseBrokenSyntax(program: ts.Program, path: string, tree: ts.SourceFile): void {
  const [problem] = program.getSyntacticDiagnostics(tree);
  if (problem === undefined) return;
  const line = tree.getLineAndCharacterOfPosition(problem.start).line + 1;
  throw new CouldNotLook(`${path}:${line} does not parse: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`, {
    fix: `Correct the syntax of ${path}; try: make typecheck`,
  });
}

function createHost(root: string, texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  const packages = existsSync(join(root, 'node_modules')) ? root : house;
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  const resolve = (name: string, from: string) => ts.resolveModuleName(name, from, options, host, cache);
  return Object.assign(host, {
    getCurrentDirectory: () => packages,
    fileExists: (name: string) => texts.has(name) || ts.sys.fileExists(name),
    readFile: (name: string) => texts.get(name) ?? ts.sys.readFile(name),
    getSourceFile: (name: string, languageVersion: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
      const text = texts.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true);
      if (!name.endsWith('.d.ts') && !name.endsWith('.d.mts')) return undefined;
      if (!declarations.has(name)) declarations.set(name, fromDisk(name, languageVersion));
      return declarations.get(name);
    },
    resolveModuleNameLiterals: (names: readonly ts.StringLiteralLike[], from: string) =>
      names.map(({ text }) => {
        if (text.startsWith('.') || from.includes('node_modules')) return resolve(text, from);
        if (!resolvedPackages.test(text)) return { resolvedModule: undefined };
        return resolve(text, packages === root ? from : join(house, 'audits/src/check.ts'));
      }),
  });
}
