/** What a person is told: their own lines, and nobody else's. */
import { z } from 'zod';
import type { Cursors } from '../../api/cursor.ts';
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import type { Streams } from '../../streams/streams.ts';
import * as repository from './notifications.repository.ts';

export interface NotificationsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly streams: Pick<Streams, 'append'>;
}

export interface Notifications {
  /** JSON text of a page, newest first, with the count of unread lines. Throws `cursor.*`. */
  listText(reader: Reader, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<string>;
  unread(reader: Reader): Promise<{ unread: number; position: string }>;
  /** Everything up to a position of the stream, everything there is without one. Safe to repeat. */
  markRead(reader: Reader, upTo: string | undefined): Promise<{ unread: number; position: string }>;
}

const position = z.object({ position: z.string().regex(/^\d{1,15}$/) });
/** Past every position that a stream can have. */
const end = '1000000000000000';

export function createNotifications({ db, cursors, streams }: NotificationsDependencies): Notifications {
  return {
    async listText(reader, { cursor, limit }) {
      const scope = `notifications:${reader.userId}`;
      const before = cursor === undefined ? end : cursors.open(scope, cursor, position).position;
      const rows = await repository.findPage(db, reader.userId, before, limit + 1);
      const [first] = rows;
      const items = rows.flatMap((row) => (row.item === null || row.position === null ? [] : [{ item: row.item, position: row.position }]));
      const shown = items.slice(0, limit);
      const last = items.length > limit ? shown.at(-1) : undefined;
      const next = last === undefined ? 'null' : JSON.stringify(cursors.sign(scope, { position: last.position }));
      return `{"items":[${shown.map(({ item }) => item).join(',')}],"nextCursor":${next},"unread":${first?.unread ?? 0},"position":"${first?.stream_position ?? '0'}"}`;
    },

    unread: (reader) => repository.countUnread(db, reader.userId),

    markRead: (reader, upTo = end) =>
      db.transaction(async (tx) => {
        const count = await repository.markRead(tx, reader.userId, upTo);
        // Their other devices hear how far; who reads nothing new tells nobody.
        if (count > 0) {
          const data = upTo === end ? {} : { upTo };
          await streams.append(tx, { kind: 'notifications', id: reader.userId }, { type: 'notification.read', data, class: 'coalescable' });
        }
        return repository.countUnread(tx, reader.userId);
      }),
  };
}
