import { readFile } from 'node:fs/promises';

/** The runbook page of a check as Markdown, or undefined when it has none. */
export async function readPage(id: string): Promise<string | undefined> {
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)) return undefined;
  return readFile(new URL(`../../runbooks/checks/${id}.md`, import.meta.url), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
