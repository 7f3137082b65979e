import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { systemErrorCode } from './local-error.ts';

/**
 * The program to use: the first on PATH, then in the other usual folders, else the one that was installed into `toolsDir`.
 * Undefined when there is none.
 */
export function findProgram(
  name: string,
  options: { path?: string | undefined; folders?: readonly string[]; toolsDir: string },
): string | undefined {
  const onPath = (options.path ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...onPath, ...(options.folders ?? []), join(options.toolsDir, 'bin')].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return false;
    throw error;
  }
}
