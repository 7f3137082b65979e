/** People as others see them, and as they see themselves. */
import type { Database } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import type { Reader } from '../../api/reader.ts';
import { changeMe, findMe, findProfile, findProfileFor } from './users.repository.ts';
import type { Me, UpdateMe } from './users.schema.ts';

/** The read-through cache of profiles, as JSON text by lower-case name; it remembers also whom there is not. */
export interface ProfileCache {
  read(username: string, load: () => Promise<string | undefined>): Promise<string | undefined>;
  drop(username: string): Promise<void>;
}

export interface UsersDependencies {
  readonly db: Database;
  readonly profiles: ProfileCache;
}

export interface Users {
  /** Throws `auth.required` when the account is gone. */
  me(reader: Reader): Promise<Me>;
  updateMe(reader: Reader, change: UpdateMe): Promise<Me>;
  /** JSON text of a Profile: for everyone from the cache, for a reader as that reader sees it. Throws `user.not_found`. */
  profileText(reader: Reader | null, username: string): Promise<string>;
  /** The profile changed, or came to be. */
  forget(username: string): Promise<void>;
}

export function createUsers({ db, profiles }: UsersDependencies): Users {
  const forget = (username: string) => profiles.drop(username.toLowerCase());
  return {
    forget,
    async me(reader) {
      const found = await findMe(db, reader.userId);
      if (found === undefined) throw new AppError('auth.required');
      return found;
    },
    async updateMe(reader, change) {
      const changed = await changeMe(db, reader.userId, change);
      if (changed === undefined) throw new AppError('auth.required');
      await forget(changed.username);
      return changed;
    },
    async profileText(reader, username) {
      const text = await (reader === null
        ? profiles.read(username.toLowerCase(), () => findProfile(db, username))
        : findProfileFor(db, reader.userId, username));
      if (text === undefined) throw new AppError('user.not_found');
      return text;
    },
  };
}
