import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CauseDeclaration } from './cause.ts';

const folder = join(import.meta.dirname, 'causes');

/** Every cause that doctor can name: the folder is the registry. @throws TypeError when a file and its id differ. */
export async function loadCauses(): Promise<readonly CauseDeclaration[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const loaded = (await import(pathToFileURL(join(folder, file)).href)) as { default: CauseDeclaration };
      if (`${loaded.default.id}.ts` !== file)
        throw new TypeError(`causes/${file} declares "${loaded.default.id}": name the file after the id`);
      return loaded.default;
    }),
  );
}
