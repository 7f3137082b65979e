/** What people choose about who reaches and sees them. */
import type { Database } from '../../db/database.ts';
import type { Reader } from '../../api/reader.ts';
import { changePrivacy, findIds, findPrivacy, findShowingPresence } from './privacy.repository.ts';
import type { PresenceOf, Privacy, UpdatePrivacy } from './privacy.schema.ts';

export interface PrivacySettings {
  of(reader: Reader): Promise<Privacy>;
  /** What is left out stays as it is. Throws `auth.required` when the account is gone. */
  change(reader: Reader, change: UpdatePrivacy): Promise<Privacy>;
  /** Those of the people who show the reader whether they are here. */
  presenceShownTo(readerId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Of each name, in their order: who does not show it, is hidden or is not there at all is unknown. */
  presenceOf(reader: Reader, usernames: readonly string[]): Promise<PresenceOf>;
}

/** Who is here, by id; asks presenceShownTo itself. */
export type StatesOf = (userIds: readonly string[], readerId: string) => Promise<ReadonlyMap<string, PresenceOf['items'][number]['state']>>;

export interface PrivacyDependencies {
  readonly db: Database;
  readonly statesOf: StatesOf;
}

export function createPrivacySettings({ db, statesOf }: PrivacyDependencies): PrivacySettings {
  return {
    of: (reader) => findPrivacy(db, reader.userId),
    change: (reader, change) => changePrivacy(db, reader.userId, change),
    presenceShownTo: (readerId, userIds) => findShowingPresence(db, readerId, userIds),
    async presenceOf(reader, usernames) {
      const ids = await findIds(db, usernames);
      const states = await statesOf([...ids.values()], reader.userId);
      const stateOf = (username: string) => states.get(ids.get(username.toLowerCase()) ?? '') ?? 'unknown';
      return { items: usernames.map((username) => ({ username, state: stateOf(username) })) };
    },
  };
}
