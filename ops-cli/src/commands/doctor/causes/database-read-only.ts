import { defineCause } from '../cause.ts';
import { settingsCure } from '../cures.ts';
import { resetStatements } from '../setting-statements.ts';

const readOnly = '25006';

export default defineCause({
  id: 'database-read-only',
  title: 'The database is read-only',
  explains: ['platform-not-ready', 'jobs-no-worker', 'jobs-stuck', 'jobs-dead', 'overload'],
  judge: ({ database }) => {
    if (database?.state !== 'open') return undefined;
    const given =
      database.settings?.filter((one) => one.name === 'default_transaction_read_only' && /^(on|true|yes|1)$/i.test(one.value)) ?? [];
    const refusal = database.write?.refusal !== undefined && database.write.code === readOnly ? database.write.refusal : undefined;
    if (given.length === 0 && refusal === undefined) return undefined;
    const evidence = [
      ...(refusal === undefined ? [] : [`a write that would have been rolled back: ${refusal}`]),
      ...given.map((one) => `${one.owner} set default_transaction_read_only = ${one.value}`),
    ];
    const statements =
      given.length === 0
        ? resetStatements({ name: 'default_transaction_read_only', owner: 'alter system' })
        : given.flatMap(resetStatements);
    return { confidence: 0.96, evidence, cure: settingsCure(...statements) };
  },
});
