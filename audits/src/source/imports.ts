/** Who imports whom: the edges of the house. */
import { dirname, join } from 'node:path/posix';
import type { SourceFile } from './typescript.ts';

export interface Import {
  readonly from: string;
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** Path from the root for a relative import; undefined for a package. */
  readonly target: string | undefined;
  /** Erased before the program runs. */
  readonly typeOnly: boolean;
}

const targetOf = (from: string, specifier: string) => (specifier.startsWith('.') ? join(dirname(from), specifier) : undefined);

export function importsOf(file: SourceFile): Import[] {
  const { staticImports, staticExports, dynamicImports } = file.tree.module;
  const edge = (specifier: string, offset: number, typeOnly: boolean): Import => ({
    from: file.path,
    line: file.lineOf(offset),
    specifier,
    target: targetOf(file.path, specifier),
    typeOnly,
  });
  const imported = staticImports.map((entry) =>
    edge(entry.moduleRequest.value, entry.start, entry.entries.length > 0 && entry.entries.every((name) => name.isType)),
  );
  const exported = staticExports.flatMap((entry) =>
    entry.entries
      .filter((name) => name.moduleRequest !== null && name.moduleRequest !== undefined)
      .map((name) => edge(name.moduleRequest?.value ?? '', entry.start, name.isType)),
  );
  const dynamic = dynamicImports.flatMap((entry) => {
    const written = /^(['"`])([^$]*)\1$/.exec(file.text.slice(entry.moduleRequest.start, entry.moduleRequest.end));
    return written?.[2] === undefined ? [] : [edge(written[2], entry.start, false)];
  });
  return [...imported, ...exported, ...dynamic];
}

/** The first cycle of run-time imports through each group of files that import each other, as paths in order. */
export function importCycles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const edge of imports) {
    if (edge.typeOnly || edge.target === undefined) continue;
    next.set(edge.from, [...(next.get(edge.from) ?? []), edge.target]);
  }
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    state.set(file, 'open');
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of [...next.keys()].toSorted()) visit(file, []);
  return cycles;
}
