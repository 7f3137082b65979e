/** A program of the machine itself, not the project's own one of the same name. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function outerProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '' && !folder.includes('node_modules'));
  const path = [...folders, '/usr/sbin', '/sbin'].map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : realpathSync(path);
}
