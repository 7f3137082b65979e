/** Search over posts, sanctums and people. */
import { readerParameters } from '../../api/reader-parameters.ts';
import { z } from 'zod';
import type { Database } from '../../db/database.ts';
import type { Cursors } from '../../api/cursor.ts';
import { pageText } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import * as repository from './search.repository.ts';
import type { SearchQuery } from './search.schema.ts';
import { searchWords } from './search-words.ts';

export interface Search {
  /** One page as JSON text. Throws `cursor.invalid`, `cursor.foreign`. */
  find(reader: Reader | null, query: SearchQuery): Promise<string>;
}

const nothingFound: repository.SearchRow = { items: '[]', has_more: false, last_key: null };
const positionSchema = z.object({ after: z.string() });

export function createSearch({ db, cursors }: { readonly db: Database; readonly cursors: Cursors }): Search {
  return {
    async find(reader, { q, kind, cursor, limit }) {
      const scope = `search ${kind} ${reader?.userId ?? 'anonymous'} ${q}`;
      const after = cursor === undefined ? undefined : cursors.open(scope, cursor, positionSchema).after;
      const request = { text: q, limit, after };
      const row = await read(kind, reader, request);
      const next = row.has_more && row.last_key !== null ? cursors.sign(scope, { after: row.last_key }) : null;
      return pageText(row.items, next);
    },
  };

  async function read(kind: SearchQuery['kind'], reader: Reader | null, request: repository.SearchRequest): Promise<repository.SearchRow> {
    if (kind === 'posts') {
      const words = searchWords(request.text);
      if (words === undefined) return nothingFound;
      return await repository.searchPosts(db, readerParameters(reader), { ...request, text: words });
    }
    if (kind === 'sanctums') return await repository.searchSanctums(db, readerParameters(reader), request);
    return await repository.searchPeople(db, readerParameters(reader), request);
  }
}
