import type { Paint } from '../../output.ts';
import type { Part, StatusDocument } from './status.document.ts';

export function renderStatus(status: StatusDocument, paint: Paint): string {
  const colour = { running: paint.green, degraded: paint.yellow, stopped: paint.red }[status.state];
  const describe = ({ state, pid, port, detail }: Part, version: string | null) => {
    const facts = [version, pid === null ? undefined : `process ${pid}`, port === null ? undefined : `port ${port}`, detail ?? undefined];
    return `${state.replace('-', ' ')}${facts.some((fact) => fact) ? `  ${paint.dim(facts.filter((fact) => fact).join(', '))}` : ''}`;
  };
  const part = (name: keyof StatusDocument['processes'], version: string | null) => describe(status.processes[name], version);
  const redis = status.stores?.redis;
  const rows: readonly (readonly [string, string])[] = [
    ['Sanctum', `${colour(paint.bold(status.state))}  ${paint.dim(`${status.versions.sanctum}, Node.js ${status.versions.node}`)}`],
    ['Web app', status.urls === null ? 'not served' : paint.cyan(status.urls.web)],
    ...(status.processes.proxy.state === 'absent' ? [] : [['Proxy', part('proxy', null)] as const]),
    ...(status.instances.length < 2
      ? [['Platform', part('platform', null)] as const]
      : status.instances.map((one) => [`Platform ${one.instance}`, `${describe(one, null)}  ${paint.dim(one.log)}`] as const)),
    ['PostgreSQL', status.stores?.database === 'external' ? 'external (DATABASE_URL)' : part('postgres', status.versions.postgres)],
    [
      'Redis',
      redis === 'external' ? 'external (REDIS_URL)' : redis === 'in-process' ? 'in-process store' : part('redis', status.versions.redis),
    ],
    ['Migrations', migrationsText(status.migrations)],
    ['Data', status.folders.database ?? status.folders.state],
    ['Logs', status.folders.logs],
    ...(status.state === 'running'
      ? []
      : [['Next', status.state === 'stopped' ? 'npx sanctum-ops up' : 'npx sanctum-ops doctor'] as const]),
  ];
  return rows.map(([name, value]) => `${paint.dim(name.padEnd(11))} ${value}`).join('\n');
}

function migrationsText(migrations: StatusDocument['migrations']): string {
  if (migrations === null) return 'not looked at: the database does not run';
  const { head, pending, findings } = migrations;
  return [
    `head ${head ?? 'none'}`,
    `${pending} pending`,
    findings === 0 ? undefined : `${findings} findings: npx sanctum-ops migrate verify`,
  ]
    .filter((text) => text !== undefined)
    .join(', ');
}
