import { connectionsTo } from '../../../stack/connections-to.ts';
import { defineCause } from '../cause.ts';
import { isBusy } from '../busy.ts';
import type { PlatformSight } from '../probes/platform.ts';

const loopDelayMsMax = 250;
const healthMsMax = 1_500;

export default defineCause({
  id: 'overload',
  title: 'More arrives than the platform can answer; nothing is broken',
  explains: ['platform-not-ready', 'platform-hangs', 'jobs-behind', 'jobs-no-worker'],
  judge: ({ platform }) => {
    if (platform === undefined) return undefined;
    const signs = signsOf(platform);
    if (signs.length === 0) return undefined;
    return {
      confidence: 0.78,
      evidence: [
        ...signs,
        'a restart would not help: it lets the same crowd in with cold caches',
        'what helps: fewer requests (who sends them: the log), or another instance beside this one',
      ],
      next: 'npx sanctum-ops doctor --wait',
    };
  },
});

function signsOf({ load, healthMs, cpuShare, silence, run, ...rest }: PlatformSight): string[] {
  const busy = cpuShare === undefined ? '' : `, ${Math.round(cpuShare * 100)} % of a core in use`;
  const clients = run === undefined ? '' : `, ${connectionsTo(run.port)} clients connected`;
  const signs: string[] = [];
  if (load !== undefined && load.shed > 0) {
    signs.push(
      `${load.shed} requests were refused as too many within ${load.seconds.toFixed(1)} s, ${load.requests} were answered in all${clients}`,
    );
  }
  if (load !== undefined && load.waiting > 0) signs.push(`${load.waiting} requests or more wait for a connection to the database`);
  if (load !== undefined && load.loopDelayMs > loopDelayMsMax)
    signs.push(`the event loop is ${Math.round(load.loopDelayMs)} ms late${busy}`);
  const isLate = healthMs !== undefined && healthMs > healthMsMax;
  if (isLate && (cpuShare === undefined || isBusy({ load, healthMs, cpuShare, silence, run, ...rest }))) {
    signs.push(`/health answered after ${(healthMs / 1_000).toFixed(1)} s${busy}`);
  }
  const isBuried = healthMs === undefined && rest.process === 'alive' && isBusy({ load, healthMs, cpuShare, silence, run, ...rest });
  if (isBuried) signs.push(`/health: ${silence ?? 'no answer'}${busy}${clients}`);
  return signs;
}
