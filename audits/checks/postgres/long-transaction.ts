import { literal, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { clientActivity, seconds, shortQuery } from '../../src/postgres/activity.ts';
import type { Activity } from '../../src/postgres/activity.ts';

export interface TransactionLimits {
  /** A transaction whose client does nothing for longer than this was forgotten. */
  readonly idleSecondsMax: number;
  /** No request of ours works this long; backups and migrations may. */
  readonly activeSecondsMax: number;
}

const limits: TransactionLimits = { idleSecondsMax: 30, activeSecondsMax: 300 };

interface Prepared {
  gid: string;
  owner: string;
  age_s: number;
}

const preparedTransactions = `
  select gid, owner, extract(epoch from clock_timestamp() - prepared)::float8 as age_s
  from pg_prepared_xacts where database = current_database()`;

export default defineCheck({
  id: 'postgres/long-transaction',
  title: 'Transaction that stays open',
  area: 'failure-paths',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-12', 'RUN-01'],
  timeoutMs: 10_000,
  async run({ db }) {
    const backends = await db.query<Activity>(clientActivity);
    const prepared = await db.query<Prepared>(preparedTransactions);
    return {
      examined: backends.length + prepared.length,
      findings: [
        ...longTransactions(backends, limits),
        ...prepared.filter((one) => one.age_s > limits.idleSecondsMax).map(preparedFinding),
      ],
    };
  },
});

/** Findings for the transactions that are open longer than `limits` allow; a session without a transaction may idle for ever. */
export function longTransactions(backends: readonly Activity[], { idleSecondsMax, activeSecondsMax }: TransactionLimits): Finding[] {
  return backends.flatMap((backend) => {
    const isIdle = backend.state?.startsWith('idle in transaction') ?? false;
    const isForgotten = isIdle && (backend.state_age_s ?? 0) > idleSecondsMax;
    const isLong = !isIdle && backend.state === 'active' && (backend.transaction_age_s ?? 0) > activeSecondsMax;
    if (!isForgotten && !isLong) return [];
    const who = `${backend.user ?? 'unknown user'}, ${backend.application || 'no application name'}`;
    return [
      {
        subject: `transaction of ${backend.application || backend.user || 'an unnamed client'}`,
        detail: `pid ${backend.pid} (${who}) has been in one transaction for ${seconds(backend.transaction_age_s)}, ${isIdle ? `doing nothing for ${seconds(backend.state_age_s)} after` : 'running'}: ${shortQuery(backend.query)}`,
        location: `pid ${backend.pid}`,
        risk: 'Vacuum cannot remove any row that died since it began, its locks stay, and the next schema change queues behind it with everyone else behind that.',
        impact: 'Tables and indexes grow, lists get slower by the hour, a migration may stop the site.',
        fix: script(sql`select pg_terminate_backend(${backend.pid})`),
        severity: isForgotten ? 'high' : 'medium',
        fingerprint: fingerprint('long-transaction', backend.application, isIdle ? 'idle' : 'active'),
      } satisfies Finding,
    ];
  });
}

function preparedFinding(one: Prepared): Finding {
  return {
    subject: `prepared transaction ${one.gid}`,
    detail: `${one.owner} prepared the transaction ${one.gid} ${seconds(one.age_s)} ago, and nobody committed it or rolled it back.`,
    location: `pg_prepared_xacts, ${one.gid}`,
    risk: 'It holds its locks and its snapshot for ever, even over a restart.',
    impact: 'Tables grow without bound, and whatever it locked stays locked.',
    fix: script(sql`rollback prepared ${literal(one.gid)}`),
    fingerprint: fingerprint('prepared-transaction', one.gid),
  };
}
