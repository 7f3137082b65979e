/** Where the programs are that tests start: an environment variable, the PATH, or what `make tools` unpacked. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type ToolName = 'redis-server' | 'chromium';

export const toolsFolder = join(import.meta.dirname, '../../../.sanctum/tools');

const names: Readonly<Record<ToolName, { variable: string; programs: readonly string[] }>> = {
  'redis-server': { variable: 'SANCTUM_REDIS_SERVER', programs: ['redis-server'] },
  chromium: { variable: 'SANCTUM_CHROMIUM', programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] },
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there or not ours to run: the next place is tried.
  }
}

export function findTool(name: ToolName): string | undefined {
  const { variable, programs } = names[name];
  const given = process.env[variable];
  if (given !== undefined) return isExecutable(given) ? given : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(toolsFolder, 'bin')];
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(isExecutable);
}

/** The program, or undefined where a person may go without it. In CI a missing one is an error. */
export function requireTool(name: ToolName): string | undefined {
  const path = findTool(name);
  if (path === undefined && process.env['CI'] === 'true') throw new Error(`${name} is missing in CI: run "make tools"`);
  return path;
}
