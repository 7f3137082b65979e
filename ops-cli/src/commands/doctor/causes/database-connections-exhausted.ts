import { defineCause } from '../cause.ts';
import type { Cure, Found } from '../cause.ts';
import * as queries from '../doctor.queries.ts';
import { unlimitDatabase, unlimitRole } from '../cures.queries.ts';
import { sqlCure } from '../cures.ts';
import type { Admission } from '../probes/admission.ts';

const tooManyConnections = '53300';
/** Below this many free connections a restart or one more instance already fails. */
const freeMin = 3;
const shownMax = 4;

type Use = Admission['use'];

export default defineCause({
  id: 'database-connections-exhausted',
  title: 'The database has no connection left',
  explains: ['platform-not-ready', 'overload', 'jobs-no-worker', 'database-refuses', 'database-unreachable'],
  judge: ({ database, isLocal }): Found | undefined => {
    if (database?.state === 'closed') {
      if (database.code !== tooManyConnections) return undefined;
      const { admission, message } = database;
      const limits = admission === undefined ? [] : limitStatements(admission);
      if (limits.length > 0) return { confidence: 0.95, evidence: [message], cure: sqlCure(...limits) };
      const evidence = [message, ...(admission === undefined ? [] : describe(admission.use))];
      if (admission !== undefined) return { confidence: 0.95, evidence, cure: endIdle() };
      return {
        confidence: 0.95,
        evidence,
        next: isLocal ? 'npx sanctum-ops down && npx sanctum-ops up' : 'npx sanctum-ops audit postgres/long-transaction',
      };
    }
    if (database?.use === undefined) return undefined;
    const { connections_max: most, connections_reserved: kept, connections_reserved_more: keptMore } = database.server;
    const used = database.use.reduce((sum, row) => sum + row.connections, 0);
    const free = most - kept - keptMore - used;
    if (free >= freeMin) return undefined;
    return {
      title: 'Nearly every connection of the database is in use',
      confidence: 0.85,
      evidence: [`${used} of ${most} connections are in use, ${kept + keptMore} are kept for administrators`, ...describe(database.use)],
      cure: endIdle(),
    };
  },
});

function limitStatements({ role, database, role_limit: ofRole, database_limit: ofDatabase }: Admission): string[] {
  return [...(ofRole >= 0 ? [unlimitRole(role)] : []), ...(ofDatabase >= 0 ? [unlimitDatabase(database)] : [])];
}

function describe(use: Use): string[] {
  return use.slice(0, shownMax).map((row) => `${row.connections} of ${row.application} as ${row.role}, ${row.idle} of them idle`);
}

function endIdle(): Cure {
  return {
    does: ['SQL: end the idle sessions of every program but the platform (pg_terminate_backend)'],
    run: async ({ sql }) => {
      await sql(queries.endIdleStrangers);
    },
  };
}
