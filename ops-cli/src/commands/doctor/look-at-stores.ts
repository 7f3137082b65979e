import { CouldNotLook } from '@sanctum/audits/check';
import { openRedis, redisLabel } from '@sanctum/audits/targets/redis';
import { LocalError } from '@sanctum/platform/local/local-error';
import { logTail } from '@sanctum/platform/local/log-tail';
import { knownPostgresPlace } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { readPlatformRun } from '../../stack/platform-process.ts';
import { readSecrets } from '../../stack/secrets.ts';
import { stackPostgres, stackRedis } from '../../stack/stack.ts';
import type { Cause } from './cause.ts';

const LOG_LINES = 200;
const EVIDENCE_LINES = 4;
const RECENT_MS = 10 * 60_000;

/** The embedded PostgreSQL as a process: its folder, its port, its recovery. */
export async function lookAtPostgres(home: StackHome): Promise<Cause[]> {
  const secrets = readSecrets(home.secretsFile);
  const place = knownPostgresPlace(home);
  if (secrets === undefined || place === undefined || readPlatformRun(home)?.database === 'external') return [];
  try {
    const status = await stackPostgres(place, secrets).status();
    const seen = [...(status.detail === undefined ? [] : [status.detail]), ...severeLines(place.logFile)];
    switch (status.state) {
      case 'half-initialised':
        return [
          {
            id: 'postgres-half-initialised',
            title: "PostgreSQL's data folder is not a complete cluster",
            confidence: 0.97,
            evidence: [`${place.dataDir} holds files, but not the ones of a cluster`],
            next: `mv ${place.dataDir} ${place.dataDir}.aside && npx sanctum-ops up`,
          },
        ];
      case 'stopped':
        if (readPlatformRun(home) === undefined)
          return [
            {
              id: 'stopped',
              title: 'Sanctum is stopped',
              confidence: 0.8,
              evidence: ['neither the platform nor PostgreSQL runs'],
              next: 'npx sanctum-ops up',
            },
          ];
        return [
          {
            id: 'postgres-stopped',
            title: 'PostgreSQL does not run',
            confidence: 0.9,
            evidence: [`no postmaster works in ${place.dataDir}`, ...seen],
            next: 'npx sanctum-ops up',
          },
        ];
      case 'starting':
        return [
          {
            id: 'postgres-recovering',
            title: 'PostgreSQL is starting or recovering from a crash',
            confidence: 0.85,
            evidence: seen,
            next: `wait; watch it with: tail -f ${place.logFile}`,
          },
        ];
      case 'foreign':
        return [
          {
            id: 'postgres-port-foreign',
            title: "Somebody else answers at PostgreSQL's port",
            confidence: 0.85,
            evidence: seen,
            next: 'npx sanctum-ops up (it takes another port)',
          },
        ];
      case 'absent':
      case 'running':
        return [];
    }
  } catch (error) {
    if (!(error instanceof LocalError) || error.code !== 'POSTGRES_PASSWORD_REFUSED') throw error;
    return [
      {
        id: 'postgres-password-refused',
        title: 'PostgreSQL refuses the password of secrets.env',
        confidence: 0.95,
        evidence: [error.message],
        next: error.fix,
      },
    ];
  }
}

function severeLines(logFile: string): string[] {
  const lines = logTail(logFile, { linesMax: LOG_LINES }).filter((line) => /\b(FATAL|PANIC)\b/.test(line) || /No space left/.test(line));
  // What happened long ago, and sessions that were ended by a stop, are no cause of anything now.
  const since = new Date(Date.now() - RECENT_MS).toISOString().slice(0, 19).replace('T', ' ');
  return lines
    .filter(
      (line) => line.slice(0, 19) >= since && !/due to administrator command|the database system is (shutting down|starting up)/.test(line),
    )
    .slice(-EVIDENCE_LINES);
}

/** The local Redis, when the platform was started with one. */
export async function lookAtRedis(home: StackHome, env: NodeJS.ProcessEnv): Promise<Cause[]> {
  const secrets = readSecrets(home.secretsFile);
  if (secrets === undefined || readPlatformRun(home)?.redis !== 'server') return [];
  const status = await stackRedis(home, secrets, env).status();
  if (status.state === 'running') return [];
  const evidence = [
    `Redis is ${status.state}`,
    ...(status.detail === undefined ? [] : [status.detail]),
    ...logTail(status.logFile, { linesMax: 2 }),
  ];
  return [
    {
      id: 'redis-stopped',
      title: 'Redis does not run; the platform goes on without it',
      confidence: 0.6,
      evidence,
      next: 'npx sanctum-ops up',
    },
  ];
}

/** A Redis elsewhere, by its URL: whether it answers, and with these credentials. */
export async function lookAtRemoteRedis(url: string): Promise<Cause[]> {
  try {
    await (await openRedis(url)).close();
    return [];
  } catch (error) {
    if (!(error instanceof CouldNotLook)) throw error;
    return [
      {
        id: 'redis-unreachable',
        title: `${redisLabel(url)} does not answer, or refuses us`,
        confidence: 0.7,
        evidence: [error.message],
        next: error.fix,
      },
    ];
  }
}
