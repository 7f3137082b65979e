/** What the causes say where the platform is not one process but several. */
import type { PlatformSight } from './probes/platform.ts';
import type { Sight } from './sight.ts';

/** From the worst on. */
const troubles: readonly ((seen: PlatformSight) => boolean)[] = [
  (seen) => seen.process === 'gone',
  (seen) => seen.process === 'paused',
  (seen) => seen.healthMs === undefined,
  (seen) => seen.readiness === undefined || seen.readiness.status !== 200,
];

function rank(seen: PlatformSight): number {
  const found = troubles.findIndex((holds) => holds(seen));
  return found === -1 ? troubles.length : found;
}

/** The one that is worst off; the first of equals. Undefined when there is none. */
export function worstOf(platforms: readonly PlatformSight[]): PlatformSight | undefined {
  return platforms.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** All that are in the same trouble as the worst. */
export function alikeOf({ platform, platforms = [] }: Sight): readonly PlatformSight[] {
  return platform === undefined ? [] : platforms.filter((seen) => seen === platform || rank(seen) === rank(platform));
}

/** "Instance 2 of 3" for a sentence that begins with "The platform" where there is one process alone. */
export function subjectOf(sight: Sight): string {
  const count = sight.platforms?.length ?? 0;
  const alike = alikeOf(sight).flatMap(({ run }) => (run === undefined ? [] : [run.instance]));
  if (count < 2 || alike.length === 0) return 'The platform';
  if (alike.length === count) return `The platform (all ${count} instances)`;
  return alike.length === 1
    ? `Instance ${alike[0]} of ${count} of the platform`
    : `Instances ${alike.join(', ')} of ${count} of the platform`;
}

/** Where to read on, where there is more than one log. */
export function logsOf(sight: Sight): string[] {
  if ((sight.platforms?.length ?? 0) < 2) return [];
  return alikeOf(sight).flatMap(({ run, logFile }) =>
    run === undefined || logFile === undefined ? [] : [`log of instance ${run.instance}: ${logFile}`],
  );
}
