import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Check } from './check.ts';
import { groupOf } from './words.ts';

export interface Selection {
  /** Only these check ids. */
  readonly ids?: readonly string[] | undefined;
  /** Only checks of these groups (the first part of the id). */
  readonly groups?: readonly string[] | undefined;
  /** Leaves out slow checks. */
  readonly quick?: boolean | undefined;
}

/** A selection that names no check: wrong usage, never an empty review. `known` is what could have been meant. */
export class UnknownSelection extends Error {
  readonly kind: 'id' | 'group';
  readonly given: string;
  readonly known: readonly string[];
  constructor(kind: 'id' | 'group', given: string, known: readonly string[]) {
    super(`There is no ${kind === 'id' ? 'check' : 'group of checks'} "${given}".`);
    this.name = 'UnknownSelection';
    this.kind = kind;
    this.given = given;
    this.known = known;
  }
}

/** The folder whose files are the registry: one check per file, its path is its id. */
export const checksFolder = fileURLToPath(new URL('../checks/', import.meta.url));

/** Ids of all checks, sorted, without loading them. */
export async function listCheckIds(folder: string = checksFolder): Promise<string[]> {
  const ids: string[] = [];
  for await (const path of glob('*/*.ts', { cwd: folder })) {
    if (!path.endsWith('.test.ts')) ids.push(path.slice(0, -'.ts'.length).split(sep).join('/'));
  }
  return ids.toSorted();
}

/**
 * Loads the selected checks (all of them by default), sorted by id. Throws `UnknownSelection` for an id or
 * group that does not exist, and a `TypeError` for a file that is not a check or whose id is not its path.
 */
export async function loadChecks(selection: Selection = {}, folder: string = checksFolder): Promise<Check[]> {
  const all = await listCheckIds(folder);
  const ids = select(all, selection);
  const checks = await Promise.all(ids.map((id) => load(id, folder)));
  return selection.quick ? checks.filter((check) => !check.slow) : checks;
}

function select(all: readonly string[], selection: Selection): string[] {
  const groups = new Set(all.map(groupOf));
  for (const id of selection.ids ?? []) {
    if (!all.includes(id)) throw new UnknownSelection('id', id, all);
  }
  for (const group of selection.groups ?? []) {
    if (!groups.has(group)) throw new UnknownSelection('group', group, [...groups]);
  }
  if (!selection.ids?.length && !selection.groups?.length) return [...all];
  return all.filter((id) => selection.ids?.includes(id) || selection.groups?.includes(groupOf(id)));
}

async function load(id: string, folder: string): Promise<Check> {
  const file = join(folder, `${id}.ts`);
  const module = (await import(pathToFileURL(file).href)) as { default?: Check };
  const check = module.default;
  if (check === undefined || typeof check.run !== 'function') {
    throw new TypeError(`checks/${id}.ts does not export a check by default: export default defineCheck({ … }).`);
  }
  if (check.id !== id) {
    throw new TypeError(`checks/${id}.ts declares the id "${check.id}"; the path is the id, so write "${id}".`);
  }
  return check;
}
