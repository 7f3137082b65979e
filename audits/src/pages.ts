import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The folder that holds one page per check, by the same path as the check. */
export const pagesFolder = fileURLToPath(new URL('../../runbooks/checks/', import.meta.url));

/** The runbook page of a check as Markdown, or undefined when it has none. */
export async function readPage(id: string): Promise<string | undefined> {
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)) return undefined;
  return readFile(new URL(`../../runbooks/checks/${id}.md`, import.meta.url), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
