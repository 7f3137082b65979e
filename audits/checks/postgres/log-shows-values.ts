import { script, sql } from '@sanctum/migrations/sql-text';
import type { SqlText } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';

const id = 'postgres/log-shows-values';
const server = 'the server';

/** Server settings by name, as text. */
export type LogSettings = Readonly<Record<string, string | undefined>>;

interface Scope extends Record<string, unknown> {
  /** `the server`, or the role and database whose sessions these settings are for. */
  scope: string;
  settings: Record<string, string>;
  /** The settings that are surely set in this scope itself. */
  changed: Record<string, string>;
  role: string | null;
  database: string | null;
}

const names = [
  'log_error_verbosity',
  'log_parameter_max_length',
  'log_parameter_max_length_on_error',
  'log_statement',
  'log_min_duration_statement',
  'log_min_duration_sample',
  'log_statement_sample_rate',
  'log_transaction_sample_rate',
];

/** The settings of the server, and what stands for single roles and databases: a new session of theirs begins with it. */
const settingsByScope = `
  with own as (
    select json_object_agg(name, setting) as settings,
           -- What a database or a role changes for this session hides what the server has.
           json_object_agg(name, setting) filter (where source not in ('global', 'database', 'user', 'database user', 'client', 'session')) as known
    from pg_settings where name = any($1)),
  changed as (
    select r.setrole, r.setdatabase, json_object_agg(split_part(entry, '=', 1), substr(entry, strpos(entry, '=') + 1)) as settings
    from pg_db_role_setting r cross join unnest(r.setconfig) entry
    where split_part(entry, '=', 1) = any($1) and r.setdatabase in (0, (select oid from pg_database where datname = current_database()))
    group by r.setrole, r.setdatabase)
  select 'the server' as scope, own.settings, coalesce(own.known, '{}') as changed, null as role, null as database from own
  union all
  select concat_ws(' in ', case when c.setrole = 0 then 'every role' else 'role ' || role.rolname end,
           case when c.setdatabase = 0 then 'every database' else 'database ' || base.datname end),
         c.settings, c.settings,
         role.rolname as role, base.datname as database
  from changed c left join pg_roles role on role.oid = c.setrole left join pg_database base on base.oid = c.setdatabase`;

export default defineCheck({
  id,
  title: "Values of rows and parameters in the database's log",
  area: 'security',
  severity: 'high',
  needs: ['database'],
  requirements: ['OBS-02'],
  timeoutMs: 10_000,
  async run({ db }) {
    const scopes = await db.query<Scope>(settingsByScope, [names]);
    const effective = scopes.find(({ scope }) => scope === server)?.settings ?? {};
    return {
      examined: scopes.length,
      findings: scopes.flatMap((scope) => judgeScope({ ...scope, settings: { ...effective, ...scope.settings } })),
    };
  },
});

function judgeScope({ scope, settings, changed, role, database }: Scope): Finding[] {
  // What the server shows for everybody is one finding, not one more for each role beside it.
  const isOwn = (name: string) => changed[name] !== undefined;
  return valuesShown(settings)
    .filter(({ because }) => (scope === server ? because.every(isOwn) : because.some(isOwn)))
    .map(({ what, cure, severity }) => ({
      subject: `${what}, ${scope}`,
      detail: `Sessions of ${scope} write ${what} into the server's log.`,
      location: scope,
      risk: 'Password hashes, e-mail addresses and private texts lie in a file that is copied, shipped and kept, and that no access rule of the platform guards.',
      impact: 'Everybody whose rows pass by; whoever reads logs reads them.',
      fix:
        scope === server
          ? script(sql`alter system set ${cure}`, sql`select pg_reload_conf()`)
          : script(sql`${alterOf(role, database)} set ${cure}`),
      fingerprint: fingerprint(id, what, scope),
      severity,
    }));
}

function alterOf(role: string | null, database: string | null): SqlText {
  if (role === null) return database === null ? sql`alter role all` : sql`alter database ${database}`;
  return database === null ? sql`alter role ${role}` : sql`alter role ${role} in database ${database}`;
}

interface Shown {
  readonly what: string;
  readonly because: readonly string[];
  readonly cure: SqlText;
  readonly severity: 'high' | 'medium';
}

/** What these settings let through. With `terse` the server leaves out DETAIL and CONTEXT, where all of it stands. */
export function valuesShown(settings: LogSettings): Shown[] {
  if (settings['log_error_verbosity'] === 'terse') return [];
  const isSet = (name: string, off: string) => settings[name] !== undefined && settings[name] !== off;
  const logsStatements =
    isSet('log_statement', 'none') ||
    isOn(settings['log_min_duration_statement']) ||
    (isOn(settings['log_min_duration_sample']) && Number(settings['log_statement_sample_rate']) > 0) ||
    Number(settings['log_transaction_sample_rate']) > 0;
  return [
    ...(logsStatements && isSet('log_parameter_max_length', '0')
      ? [
          {
            what: 'parameters of logged statements',
            because: [
              'log_parameter_max_length',
              'log_error_verbosity',
              'log_statement',
              'log_min_duration_statement',
              'log_min_duration_sample',
              'log_transaction_sample_rate',
            ],
            cure: sql`log_parameter_max_length = 0`,
            severity: 'high' as const,
          },
        ]
      : []),
    ...(isSet('log_parameter_max_length_on_error', '0')
      ? [
          {
            what: 'parameters of failed statements',
            because: ['log_parameter_max_length_on_error', 'log_error_verbosity'],
            cure: sql`log_parameter_max_length_on_error = 0`,
            severity: 'high' as const,
          },
        ]
      : []),
    {
      what: 'rows that a constraint refused',
      because: ['log_error_verbosity'],
      cure: sql`log_error_verbosity = 'terse'`,
      severity: 'medium' as const,
    },
  ];
}

/** Minus one switches it off; a role's setting may carry a unit. */
const isOn = (duration: string | undefined): boolean => duration !== undefined && !duration.trim().startsWith('-1');
