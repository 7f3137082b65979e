import type { ReaderParameters } from '../../api/reader-parameters.ts';
import type { Executor } from '../../db/database.ts';
import * as queries from './search.queries.ts';

export interface SearchRequest {
  readonly text: string;
  readonly limit: number;
  /** The last key of the page before: a post's id or a name. */
  readonly after: string | undefined;
}

export interface SearchRow {
  readonly items: string;
  readonly has_more: boolean;
  readonly last_key: string | null;
}

/** Sorts after every name that begins with the prefix: names are ASCII. */
const lastCharacter = '\u{10ffff}';

export async function searchPosts(executor: Executor, reader: ReaderParameters, { text, limit, after }: SearchRequest): Promise<SearchRow> {
  const afterId = after ?? '9223372036854775807';
  return await executor.one(queries.searchPosts, {
    words: text,
    reader: reader.userId,
    admin: reader.admin,
    page_items: limit,
    after_id: afterId,
  });
}

export async function searchSanctums(
  executor: Executor,
  reader: ReaderParameters,
  { text, limit, after }: SearchRequest,
): Promise<SearchRow> {
  return await executor.one(queries.searchSanctums, {
    ...prefixOf(text),
    page_items: limit,
    after_name: after ?? '',
    reader: reader.userId,
  });
}

export async function searchPeople(
  executor: Executor,
  reader: ReaderParameters,
  { text, limit, after }: SearchRequest,
): Promise<SearchRow> {
  return await executor.one(queries.searchPeople, { ...prefixOf(text), page_items: limit, after_name: after ?? '', reader: reader.userId });
}

/** How a name would begin: "@Keeper" is keeper, "film photo" is film_photo. */
function prefixOf(text: string): { prefix: string; prefix_end: string } {
  const prefix = text.toLowerCase().replace(/^@/, '').replaceAll(/\s+/g, '_');
  return { prefix, prefix_end: `${prefix}${lastCharacter}` };
}
