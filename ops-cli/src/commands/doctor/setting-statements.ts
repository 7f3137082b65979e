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
  if (owner !== 'alter system') return [`${owner} reset ${name}`];
  // Set and not reset: the value may stand in postgresql.conf, which only this overrides.
  return [`alter system set ${name} = ${sound[name] ?? '0'}`, 'select pg_reload_conf()'];
}
