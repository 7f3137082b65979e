/** Pages: how a list is asked for and answered. Lists are read by key, never by offset. */
import { z } from 'zod';
import { cursorCharactersMax } from './cursor.ts';

/** Most items of one page. */
export const pageItemsMax = 50;
const pageItemsDefault = 25;

export const pageQuery = z.object({
  cursor: z.string().min(1).max(cursorCharactersMax).optional().describe('nextCursor of the page before; leave it out for the first page.'),
  limit: z.coerce.number().int().min(1).max(pageItemsMax).default(pageItemsDefault).describe('Items per page.'),
});

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Send it as cursor for the next page; null on the last one.'),
  });
}

/**
 * The JSON text of a page. `rows` holds one row more than `limit` when there is a next page; `item` is JSON text that
 * PostgreSQL built; `cursorOf` signs the position of the last row shown.
 */
export function composePage<R extends { readonly item: string }>(rows: readonly R[], limit: number, cursorOf: (last: R) => string): string {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor = last === undefined ? 'null' : JSON.stringify(cursorOf(last));
  return `{"items":[${shown.map((row) => row.item).join(',')}],"nextCursor":${nextCursor}}`;
}

/** The JSON text of a page around items that PostgreSQL joined already. */
export function pageText(itemsText: string, nextCursor: string | null): string {
  return `{"items":${itemsText},"nextCursor":${nextCursor === null ? 'null' : `"${nextCursor}"`}}`;
}
