import { defineCause } from '../cause.ts';
import { settingsCure } from '../cures.ts';
import type { GivenSetting } from '../probes/settings.ts';
import { resetStatements } from '../setting-statements.ts';

const switchedOff = /^(off|false|no|0)$/i;

/** Settings under which the platform answers slowly, wrongly, or loses what it acknowledged. */
const harm: Readonly<Record<string, (value: string) => string | undefined>> = {
  search_path: (value) => (/\bpublic\b/.test(value) ? undefined : 'the tables of the platform are not found'),
  default_transaction_isolation: (value) => (/read committed/i.test(value) ? undefined : 'transactions fail that did not before'),
  fsync: (value) => (switchedOff.test(value) ? 'a crash loses the database' : undefined),
  synchronous_commit: (value) => (switchedOff.test(value) ? 'a crash loses what was acknowledged' : undefined),
  enable_indexscan: (value) => (switchedOff.test(value) ? 'queries read whole tables beside their indexes' : undefined),
  enable_bitmapscan: (value) => (switchedOff.test(value) ? 'queries read whole tables beside their indexes' : undefined),
};

export default defineCause({
  id: 'database-setting-harmful',
  title: 'A setting of the database works against the platform',
  explains: ['platform-not-ready', 'database-table-missing', 'overload'],
  judge: ({ database }) => {
    if (database?.state !== 'open') return undefined;
    const harmful = (database.settings ?? []).flatMap((one: GivenSetting) => {
      const why = harm[one.name]?.(one.value);
      return why === undefined ? [] : [{ ...one, why }];
    });
    if (harmful.length === 0) return undefined;
    return {
      confidence: 0.86,
      evidence: harmful.map((one) => `${one.owner} set ${one.name} = ${one.value}: ${one.why}`),
      cure: settingsCure(...harmful.flatMap(resetStatements)),
    };
  },
});
