import { setTimeout as pause } from 'node:timers/promises';
import { literal, script, sql } from '@sanctum/migrations/sql-text';
import { defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding } from '../../src/check.ts';
import { clientActivity, seconds, shortQuery } from '../../src/postgres/activity.ts';
import type { Activity } from '../../src/postgres/activity.ts';
import { applicationName } from '../../src/targets/database.ts';

/** Shorter waits are the everyday life of a database with writers. */
const waitSecondsMin = 1;
const waitSecondsCritical = 10;
const queueCritical = 2;
/** A queue that has only begun is looked at once more after this time. */
const secondLookMs = 1_200;
const queueShownMax = 5;

interface Convoy {
  /** 0: a prepared transaction. */
  readonly root: number;
  readonly queue: readonly Activity[];
}

export default defineCheck({
  id: 'postgres/lock-convoy',
  title: 'A lock with a queue behind it',
  area: 'failure-paths',
  severity: 'high',
  needs: ['database'],
  requirements: ['DB-12', 'RUN-01'],
  timeoutMs: 10_000,
  async run({ db, signal }) {
    let backends = await db.query<Activity>(clientActivity);
    const isYoung = (activity: Activity) => activity.wait_age_s !== null && activity.wait_age_s < waitSecondsMin;
    if (backends.some(isYoung)) {
      await pause(secondLookMs, undefined, { signal });
      backends = await db.query<Activity>(clientActivity);
    }
    const convoys = findConvoys(backends);
    const prepared = convoys.some((convoy) => convoy.root === 0)
      ? await db.query<{ gid: string }>('select gid from pg_prepared_xacts where database = current_database() order by prepared')
      : [];
    const findings = convoys
      // The other checks of this review may be standing in the same queue.
      .map(({ root, queue }) => ({ root, queue: queue.filter((waiter) => waiter.application !== applicationName) }))
      .filter(({ queue }) => queue.some((waiter) => (waiter.wait_age_s ?? 0) >= waitSecondsMin))
      .map((convoy) =>
        finding(
          convoy,
          backends,
          prepared.map((row) => row.gid),
        ),
      );
    return { examined: backends.length, findings };
  },
});

/** One convoy per backend that blocks others and waits for nobody, with everyone behind it, the longest wait first. */
export function findConvoys(backends: readonly Activity[]): Convoy[] {
  const waiting = new Map(backends.filter((one) => one.blocked_by.length > 0).map((one) => [one.pid, one]));
  const roots = new Set([...waiting.values()].flatMap((one) => one.blocked_by).filter((pid) => !waiting.has(pid)));
  return [...roots].map((root) => {
    const behind = new Set<number>([root]);
    for (let before = 0; before !== behind.size;) {
      before = behind.size;
      for (const one of waiting.values()) if (one.blocked_by.some((pid) => behind.has(pid))) behind.add(one.pid);
    }
    const queue = [...waiting.values()].filter((one) => behind.has(one.pid));
    return { root, queue: queue.toSorted((a, b) => (b.wait_age_s ?? 0) - (a.wait_age_s ?? 0)) };
  });
}

function finding({ root, queue }: Convoy, backends: readonly Activity[], prepared: readonly string[]): Finding {
  const blocker = backends.find((one) => one.pid === root);
  const relations = [...new Set(queue.map((one) => one.waits_for).filter((name) => name !== null))].toSorted();
  const locked = relations.length > 0 ? relations.join(', ') : 'rows';
  const longest = queue[0]?.wait_age_s ?? null;
  const shown = queue
    .slice(0, queueShownMax)
    .map((one) => `pid ${one.pid} for ${seconds(one.wait_age_s)}: ${shortQuery(one.query)}`)
    .join('; ');
  const more = queue.length > queueShownMax ? `; and ${queue.length - queueShownMax} more` : '';
  return {
    subject: `lock on ${locked}`,
    detail: `${describe(root, blocker, prepared)} holds up ${queue.length} other${queue.length === 1 ? '' : 's'} waiting for ${locked}: ${shown}${more}`,
    location: root === 0 ? 'prepared transaction' : `pid ${root}${blocker?.application ? ` (${blocker.application})` : ''}`,
    risk: 'Everyone who needs the lock waits, each holding a connection; once the pool is used up the whole site waits.',
    impact: `${queue.length} statement${queue.length === 1 ? ' has' : 's have'} waited for up to ${seconds(longest)}; requests that touch ${locked} time out.`,
    fix:
      root === 0
        ? script(...prepared.map((gid) => sql`rollback prepared ${literal(gid)}`))
        : script(sql`select pg_terminate_backend(${root})`),
    severity: queue.length >= queueCritical || (longest ?? 0) >= waitSecondsCritical ? 'critical' : 'high',
    fingerprint: fingerprint('lock-convoy', ...relations),
  };
}

function describe(root: number, blocker: Activity | undefined, prepared: readonly string[]): string {
  if (root === 0) return `A prepared transaction that nobody ended (${prepared.join(', ')})`;
  if (blocker === undefined) return `The backend with pid ${root}`;
  const state = blocker.state === 'active' ? 'running' : `${blocker.state ?? 'in an unknown state'} after`;
  return `pid ${root} (${blocker.user ?? 'unknown user'}, ${blocker.application || 'no application name'}, in its transaction for ${seconds(blocker.transaction_age_s)}, ${state}: ${shortQuery(blocker.query)})`;
}
