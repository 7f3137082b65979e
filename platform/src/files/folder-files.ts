/** Files in a folder, spread over 256 folders below it. Several instances share it when the folder is shared. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkedName, type Files } from './files.ts';

/** The folder is made when the first file comes. */
export function createFolderFiles({ folder }: { readonly folder: string }): Files {
  const folderOf = (name: string) => join(folder, checkedName(name).slice(0, 2));
  const pathOf = (name: string) => join(folderOf(name), name);
  return {
    kind: 'folder',
    async put(name, bytes) {
      await mkdir(folderOf(name), { recursive: true });
      // Readers see the whole file or none, also when the process dies in the middle.
      const draft = `${pathOf(name)}.${randomUUID()}.part`;
      try {
        await writeFile(draft, bytes, { flag: 'wx', mode: 0o600, flush: true });
        await rename(draft, pathOf(name));
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async get(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}
