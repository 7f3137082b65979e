/** What the supervisor asks the local server itself; the platform's queries stand in its own catalogue. */

export const whoServes = `
  select current_setting('data_directory') as data_dir,
         system_identifier::text as system_identifier,
         current_setting('server_version') as version
  from pg_control_system()`;

export const roleExists = `select 1 from pg_roles where rolname = $1`;

export const databaseExists = `select 1 from pg_database where datname = $1`;

/** DDL takes no parameters: the server itself quotes names and literals. */
export const quoteNamesAndPassword = `select quote_ident($1) as role, quote_literal($2) as password, quote_ident($3) as database`;

interface Quoted {
  readonly role: string;
  readonly password: string;
  readonly database: string;
}

/** Of what the server has quoted (quoteNamesAndPassword). */
export const createRole = ({ role, password }: Quoted): string =>
  `create role ${role} login nosuperuser createdb nocreaterole password ${password} in role pg_monitor, pg_read_all_stats`;

/** Of what the server has quoted (quoteNamesAndPassword). */
export const setPassword = ({ role, password }: Quoted): string => `alter role ${role} password ${password}`;

/** Of what the server has quoted (quoteNamesAndPassword). */
export const createDatabase = ({ role, database }: Quoted): string => `create database ${database} owner ${role}`;

export const createStatistics = `create extension if not exists pg_stat_statements`;
