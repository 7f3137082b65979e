import { reloadSettings, setForServer, takeBack } from './cures.queries.ts';
import type { GivenSetting } from './probes/settings.ts';

/** Values with which the platform works, for the settings that an administrator may have given to the whole server. */
const sound: Readonly<Record<string, string>> = {
  default_transaction_read_only: 'off',
  default_transaction_isolation: `'read committed'`,
  search_path: `"$user", public`,
  fsync: 'on',
  synchronous_commit: 'on',
  enable_indexscan: 'on',
  enable_bitmapscan: 'on',
};

/** Statements that take a setting back from whom it was given. The names come from a fixed list, the owners quoted from the server. */
export function resetStatements({ name, owner }: Pick<GivenSetting, 'name' | 'owner'>): string[] {
  if (owner !== 'alter system') return [takeBack(owner, name)];
  return [setForServer(name, sound[name] ?? '0'), reloadSettings];
}
