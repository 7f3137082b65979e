/** The small scripts in `bin/` that start an unpacked program with its own libraries. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binFolder } from '../../platform/test/harness/tools.ts';

export interface Wrapper {
  /** Paths below the tools folder: a checkout that is moved keeps its tools. */
  readonly program: string;
  readonly libraries: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export function writeWrapper(toolsFolder: string, name: string, wrapper: Wrapper): void {
  const bin = binFolder(toolsFolder);
  mkdirSync(bin, { recursive: true });
  const inTools = (path: string) => `$tools/${path}`;
  const variables = Object.entries(wrapper.environment ?? {}).map(([variable, path]) => `export ${variable}="${inTools(path)}"\n`);
  const text = `#!/bin/sh
tools=$(CDPATH= cd -- "\${0%/*}/.." && pwd)
export LD_LIBRARY_PATH="${wrapper.libraries.map(inTools).join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
${variables.join('')}exec "${inTools(wrapper.program)}" "$@"
`;
  const draft = join(bin, `.${name}.draft-${process.pid}`);
  writeFileSync(draft, text, { mode: 0o755 });
  renameSync(draft, join(bin, name));
}

export function removeWrappers(toolsFolder: string, names: readonly string[]): void {
  for (const name of names) rmSync(join(binFolder(toolsFolder), name), { force: true });
}

const unpacking = '.unpacking-';

/**
 * Fills a new folder and puts it in place of `name` in one step, so that an interrupted unpack is never taken for a
 * whole one. What an interrupted one left is removed. The caller holds the lock of the tools folder.
 * @returns what went wrong, undefined when it is in place.
 */
export function unpackInto(toolsFolder: string, name: string, fill: (draft: string) => string | undefined): string | undefined {
  mkdirSync(toolsFolder, { recursive: true });
  for (const left of readdirSync(toolsFolder).filter((entry) => entry.startsWith(`${name}${unpacking}`)))
    rmSync(join(toolsFolder, left), { recursive: true, force: true });
  const draft = join(toolsFolder, `${name}${unpacking}${process.pid}`);
  mkdirSync(draft);
  try {
    const problem = fill(draft);
    if (problem !== undefined) return problem;
    rmSync(join(toolsFolder, name), { recursive: true, force: true });
    renameSync(draft, join(toolsFolder, name));
    return undefined;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
