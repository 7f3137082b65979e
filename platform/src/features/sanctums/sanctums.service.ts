/** Sanctums: founding, finding, changing. Who is in them is told in memberships.service.ts. */
import { z } from 'zod';
import type { Database, Executor } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Announcements } from '../../events/events.ts';
import type { Cursors } from '../../api/cursor.ts';
import { composePage } from '../../api/pages.ts';
import type { Reader } from '../../api/reader.ts';
import { beginRewrite } from './rank-rewrites.ts';
import * as repository from './sanctums.repository.ts';
import type { CreateSanctum, Sanctum, UpdateSanctum, Visibility } from './sanctums.schema.ts';

export interface SanctumsDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly events: Announcements;
}

export interface SanctumListRequest {
  readonly mine: boolean;
  readonly cursor: string | undefined;
  readonly limit: number;
}

export interface Sanctums {
  /** The sanctum, its owner's membership and its conversation. Throws `sanctum.name_taken`. */
  create(tx: Executor, reader: Reader, body: CreateSanctum): Promise<Sanctum>;
  /** Private ones too: they can be found by name, their posts and members cannot be seen. Throws `sanctum.not_found`. */
  get(reader: Reader | null, name: string): Promise<Sanctum>;
  /**
   * For its owner and moderators; the visibility for its owner alone. What others wrote in private never becomes public.
   * Throws `sanctum.not_found`, `access.denied`, `sanctum.stays_private`.
   */
  update(reader: Reader, name: string, change: UpdateSanctum): Promise<Sanctum>;
  /** JSON text of a page, biggest first. Throws `auth.required` for "mine" without a reader, `cursor.*`. */
  listText(reader: Reader | null, request: SanctumListRequest): Promise<string>;
}

const position = z.object({ id: z.string().regex(/^\d{1,19}$/) });

export function createSanctums({ db, cursors, events }: SanctumsDependencies): Sanctums {
  return {
    create: (tx, reader, body) => repository.insertSanctum(tx, reader.userId, body),

    async get(reader, name) {
      const found = await repository.findSanctum(db, name, reader?.userId ?? null);
      if (found === undefined) throw new AppError('sanctum.not_found');
      return found;
    },

    update: (reader, name, change) =>
      db.transaction(async (tx) => {
        const changesVisibility = change.visibility !== undefined;
        const locked = await (changesVisibility ? repository.lockAgainstPosts(tx, name) : repository.lock(tx, name));
        if (locked === undefined) throw new AppError('sanctum.not_found');
        const role = await repository.findRole(tx, locked.id, reader.userId);
        if (role !== 'owner' && role !== 'moderator') throw new AppError('access.denied');
        if (change.visibility !== undefined && change.visibility !== locked.visibility) {
          if (role !== 'owner') throw new AppError('access.denied');
          await assertMayTurn(tx, locked.id, reader, change.visibility);
        }
        await repository.update(tx, locked.id, change);
        if (change.visibility !== undefined && change.visibility !== locked.visibility) {
          await beginRewrite(tx, locked.id);
          events.announce(tx, change.visibility === 'private' ? 'sanctumHidden' : 'sanctumShown', { sanctumId: locked.id });
        }
        const changed = await repository.findSanctum(tx, name, reader.userId);
        if (changed === undefined) throw new AppError('sanctum.not_found');
        return changed;
      }),

    async listText(reader, { mine, cursor, limit }) {
      if (mine && reader === null) throw new AppError('auth.required');
      const scope = `sanctums:${mine ? 'mine' : 'all'}:${reader?.userId ?? 'anonymous'}`;
      const after = cursor === undefined ? undefined : cursors.open(scope, cursor, position).id;
      const rows = await repository.findPage(db, reader?.userId ?? null, mine, after, limit + 1);
      return composePage(rows, limit, (last) => cursors.sign(scope, { id: last.id }));
    },
  };
}

async function assertMayTurn(tx: Executor, sanctumId: string, owner: Reader, visibility: Visibility): Promise<void> {
  if (visibility === 'public' && (await repository.holdsPrivateTraces(tx, sanctumId, owner.userId)))
    throw new AppError('sanctum.stays_private');
}
