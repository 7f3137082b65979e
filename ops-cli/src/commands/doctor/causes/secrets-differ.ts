import { portOwner } from '@sanctum/platform/local/ports';
import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'secrets-differ',
  title: 'Instances do not share one JWT_SECRET',
  judge: ({ instances, isLocal, home, platform }) => {
    const strangers = instances?.filter((instance) => instance.trust === 'refuses') ?? [];
    if (strangers.length === 0) return undefined;
    const signed = instances?.find((instance) => instance.trust === 'signed')?.url ?? 'the secret of this stack';
    const pids = isLocal ? strangers.flatMap(({ url }) => portOwner(Number(new URL(url).port))?.pid ?? []) : [];
    const isOwn = strangers.some(({ url }) => url === platform?.url);
    return {
      confidence: 0.89,
      evidence: [
        ...strangers.map(({ url }) => `${url} refuses what ${signed} signed: its readers are signed out at every other request`),
        isLocal
          ? `start it again with the JWT_SECRET of ${home.secretsFile}`
          : 'give every instance the same JWT_SECRET, then restart those that had another',
      ],
      next: isOwn
        ? 'npx sanctum-ops down && npx sanctum-ops up'
        : pids.length > 0
          ? `kill ${pids.join(' ')}`
          : 'npx sanctum-ops config explain JWT_SECRET',
    };
  },
});
