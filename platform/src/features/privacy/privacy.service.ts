/** What people choose about who reaches and sees them. */
import type { Database } from '../../db/database.ts';
import type { Reader } from '../../api/reader.ts';
import { changePrivacy, findPrivacy } from './privacy.repository.ts';
import type { Privacy, UpdatePrivacy } from './privacy.schema.ts';

export interface PrivacySettings {
  of(reader: Reader): Promise<Privacy>;
  /** What is left out stays as it is. Throws `auth.required` when the account is gone. */
  change(reader: Reader, change: UpdatePrivacy): Promise<Privacy>;
}

export function createPrivacySettings({ db }: { readonly db: Database }): PrivacySettings {
  return {
    of: (reader) => findPrivacy(db, reader.userId),
    change: (reader, change) => changePrivacy(db, reader.userId, change),
  };
}
