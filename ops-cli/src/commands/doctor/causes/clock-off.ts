import { portOwner } from '@sanctum/platform/local/ports';
import { defineCause } from '../cause.ts';
import type { Sight } from '../sight.ts';

/** Tokens live for minutes and ranks count seconds: below this nobody notices. */
const offMsMax = 30_000;

interface Clock {
  readonly name: string;
  readonly offByMs: number;
  readonly url?: string;
}

export default defineCause({
  id: 'clock-off',
  title: 'A clock is wrong',
  judge: (sight) => {
    const clocks = clocksOf(sight);
    const off = clocks.filter((clock) => Math.abs(clock.offByMs) > offMsMax);
    if (off.length === 0) return undefined;
    // When all the others agree with each other, it is this machine that is wrong.
    const isOurs = clocks.length > 1 && off.length === clocks.length && spread(clocks) < offMsMax;
    const evidence = isOurs ? [describe({ name: 'this machine', offByMs: -(off[0]?.offByMs ?? 0) })] : off.map(describe);
    return {
      title: isOurs ? "This machine's clock is wrong" : `The clock of ${off.map((clock) => clock.name).join(' and ')} is wrong`,
      confidence: 0.87,
      evidence: [...evidence, `looked at: this machine${clocks.map((clock) => `, ${clock.name}`).join('')}`],
      next: isOurs || !sight.isLocal ? 'sudo timedatectl set-ntp true' : restart(off, sight),
    };
  },
});

function clocksOf({ database, redis, platform, instances }: Sight): Clock[] {
  const clock = (name: string, offByMs: number | undefined, url?: string): Clock[] =>
    offByMs === undefined ? [] : [{ name, offByMs, ...(url === undefined ? {} : { url }) }];
  return [
    ...(database?.state === 'open' ? clock('the database', database.clockOffByMs) : []),
    ...clock('Redis', redis?.clockOffByMs),
    ...clock('the platform', platform?.clockOffByMs, platform?.url),
    ...(instances ?? [])
      .filter(({ url }) => url !== platform?.url)
      .flatMap((one) => clock(`the instance ${one.url}`, one.clockOffByMs, one.url)),
  ];
}

function spread(clocks: readonly Clock[]): number {
  const all = clocks.map((clock) => clock.offByMs);
  return Math.max(...all) - Math.min(...all);
}

function describe({ name, offByMs }: Clock): string {
  return `${name} is ${Math.round(Math.abs(offByMs) / 1_000)} s ${offByMs > 0 ? 'ahead' : 'behind'}`;
}

/** On one machine there is one clock: a process that tells another time was started with a shifted one. */
function restart(off: readonly Clock[], { platform }: Sight): string {
  const others = off.flatMap(({ url }) =>
    url === undefined || url === platform?.url ? [] : (portOwner(Number(new URL(url).port))?.pid ?? []),
  );
  return others.length === off.length ? `kill ${others.join(' ')}` : 'npx sanctum-ops down && npx sanctum-ops up';
}
