/** Statements of the cures. Every name that is put in comes from the server, quoted by it, or from a list of ours. */

export const letRoleIn = (role: string): string => `alter role ${role} login`;

export const openDatabase = (database: string): string => `alter database ${database} allow_connections true`;

export const grantConnect = (database: string, role: string): string => `grant connect on database ${database} to ${role}`;

export const unlimitRole = (role: string): string => `alter role ${role} connection limit -1`;

export const unlimitDatabase = (database: string): string => `alter database ${database} connection limit -1`;

export const promote = `select pg_promote()`;

/** Takes a setting back from `alter role …`, `alter database …`. */
export const takeBack = (owner: string, setting: string): string => `${owner} reset ${setting}`;

/** Everybody whom a setting may have been given to, but the server. */
export const owners = (role: string, database: string): string[] => [
  `alter role ${role}`,
  `alter database ${database}`,
  `alter role ${role} in database ${database}`,
];

/** Set and not reset: the value may stand in postgresql.conf, which only this overrides. */
export const setForServer = (setting: string, value: string): string => `alter system set ${setting} = ${value}`;

export const reloadSettings = `select pg_reload_conf()`;

export const endSession = (pid: number): string => `select pg_terminate_backend(${pid})`;

export const rollbackPrepared = (quotedGid: string): string => `rollback prepared ${quotedGid}`;

export const grantSchema = (role: string): string => `grant usage on schema public to ${role}`;

export const grantTable = (privileges: readonly string[], table: string, role: string): string =>
  `grant ${privileges.join(', ')} on ${table} to ${role}`;

export const dropIndex = (index: string): string => `drop index concurrently ${index}`;

export const rebuildIndex = (index: string): string => `reindex index concurrently ${index}`;
