/** Where the programs are that tests start: an environment variable, what `make tools` unpacked, or the PATH. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type ToolName = 'redis-server' | 'redis-cli' | 'nginx' | 'chromium';

export const toolsFolder = join(import.meta.dirname, '../../../.sanctum/tools');

interface Names {
  readonly variable?: string;
  readonly programs: readonly string[];
  /** Where it usually is beside the PATH. */
  readonly folders?: readonly string[];
}

const names: Readonly<Record<ToolName, Names>> = {
  'redis-server': { variable: 'SANCTUM_REDIS_SERVER', programs: ['redis-server'] },
  'redis-cli': { programs: ['redis-cli'] },
  nginx: { programs: ['nginx'], folders: ['/usr/sbin', '/usr/local/sbin'] },
  chromium: { variable: 'SANCTUM_CHROMIUM', programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] },
};

export interface Places {
  readonly environment: NodeJS.ProcessEnv;
  readonly toolsFolder: string;
}

const here: Places = { environment: process.env, toolsFolder };

/** The folder of the programs that `make tools` unpacked. */
export const binFolder = (folder: string = toolsFolder): string => join(folder, 'bin');

/** The PATH without what `make tools` unpacked. */
function foldersOfMachine(places: Places): string[] {
  const own = binFolder(places.toolsFolder);
  return (places.environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '' && folder !== own);
}

/** A PATH with the unpacked programs first: `make tools` keeps one there only where the machine's own does not work. */
export function pathWithTools(places: Places = here): string {
  return [binFolder(places.toolsFolder), ...foldersOfMachine(places)].join(delimiter);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there or not ours to run: the next place is tried.
  }
}

/** The variable that names this program, when it is set. */
export function givenTool(name: ToolName, places: Places = here): { readonly variable: string; readonly path: string } | undefined {
  const { variable } = names[name];
  const path = variable === undefined ? undefined : places.environment[variable];
  return variable === undefined || path === undefined ? undefined : { variable, path };
}

export function findTool(name: ToolName, places: Places = here): string | undefined {
  return findIn([binFolder(places.toolsFolder), ...foldersOfMachine(places)], name, places);
}

/** The same, as if `make tools` had never run. */
export function findToolOfMachine(name: ToolName, places: Places): string | undefined {
  return findIn(foldersOfMachine(places), name, places);
}

function findIn(folders: readonly string[], name: ToolName, places: Places): string | undefined {
  const given = givenTool(name, places);
  if (given !== undefined) return isExecutable(given.path) ? given.path : undefined;
  return [...folders, ...(names[name].folders ?? [])]
    .flatMap((folder) => names[name].programs.map((program) => join(folder, program)))
    .find(isExecutable);
}

/** The program, or undefined where a person may go without it. In CI a missing one is an error. */
export function requireTool(name: ToolName): string | undefined {
  const path = findTool(name);
  if (path === undefined && process.env['CI'] === 'true') throw new Error(`${name} is missing in CI: run "make tools"`);
  return path;
}
