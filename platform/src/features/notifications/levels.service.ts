/**
 * How much a person wants to be told. Of what happens in a thread the choice about the thread holds, else that about its sanctum, else
 * that about the whole account; a choice about a person holds beside it. Without any, everything that concerns them is told.
 */
import { z } from 'zod';
import type { Cursors } from '../../api/cursor.ts';
import { composePage } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import * as repository from './levels.repository.ts';
import type { Level, NotificationLevel, Scope } from './notifications.schema.ts';

export interface LevelsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
}

export interface NotificationLevels {
  /** JSON text of a page. Throws `cursor.*`. */
  listText(reader: Reader, page: { readonly cursor: string | undefined; readonly limit: number }): Promise<string>;
  /** Safe to repeat. Throws `notification.scope_not_found`, `notification.levels_too_many`. */
  choose(reader: Reader, scope: Scope, of: string, level: Level): Promise<NotificationLevel>;
  /** Back to what holds without a choice. Safe to repeat. Throws `notification.scope_not_found`. */
  forget(reader: Reader, scope: Scope, of: string): Promise<void>;
}

const position = z.object({ scope: z.string().max(20), id: z.string().regex(/^\d{1,19}$/) });

export function createNotificationLevels({ db, cursors }: LevelsDependencies): NotificationLevels {
  async function find(reader: Reader, scope: Scope, of: string): Promise<string> {
    const id = await repository.findScope(db, reader.userId, scope, of);
    if (id === undefined) throw new AppError('notification.scope_not_found');
    return id;
  }

  return {
    async listText(reader, { cursor, limit }) {
      const cursorScope = `notification_levels:${reader.userId}`;
      const after = cursor === undefined ? { scope: '', id: '0' } : cursors.open(cursorScope, cursor, position);
      const rows = await repository.findPage(db, reader.userId, after, limit + 1);
      return composePage(rows, limit, (last) => cursors.sign(cursorScope, { scope: last.scope, id: last.id }));
    },

    async choose(reader, scope, of, level) {
      const scopeId = await find(reader, scope, of);
      const chosen = await repository.choose(db, reader.userId, scope, scopeId, level);
      if (chosen === undefined) throw new AppError('notification.levels_too_many');
      return { scope, of, level: chosen.level, updatedAt: chosen.updated_at.toISOString() };
    },

    async forget(reader, scope, of) {
      const scopeId = await find(reader, scope, of);
      await repository.forget(db, reader.userId, scope, scopeId);
    },
  };
}
