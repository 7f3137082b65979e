import { dumpSchema } from '@sanctum/migrations/schema-dump';
import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { Finding, RepositoryTarget } from '../../src/check.ts';
import { differencesOf, linesOnlyIn, statementsOf } from '../../src/migrations/schema-difference.ts';
import type { SchemaDifference } from '../../src/migrations/schema-difference.ts';
import { loadReader, statementsThatRestore } from '../../src/migrations/restoring-statements.ts';
import { asSession } from '../../src/migrations/session.ts';

const dumpPath = 'migrations/schema.sql';

/** What only watches the server. A superuser makes it, so that no migration can: https://www.postgresql.org/docs/18/pgstatstatements.html */
const watching = new Set(['extension pg_stat_statements']);

export default defineCheck({
  id: 'migrations/schema-drift',
  title: 'Schema that the migrations did not make',
  area: 'critical-paths',
  severity: 'high',
  needs: ['database', 'repository'],
  requirements: ['DB-05', 'DB-08'],
  timeoutMs: 20_000,
  async run({ db, repository }) {
    await loadReader();
    const committed = await readDump(repository);
    const live = await db.readOnly((query) => dumpSchema({ database: asSession(query) }));
    const differences = differencesOf(committed, live).filter(({ object, committed: made }) => made !== undefined || !watching.has(object));
    return { examined: statementsOf(committed).length, findings: differences.map(finding) };
  },
});

async function readDump(repository: RepositoryTarget): Promise<string> {
  try {
    return await repository.read(dumpPath);
  } catch (error) {
    throw new CouldNotLook(`${dumpPath} cannot be read.`, {
      fix: 'Write it and commit it: npx vitest run --project integration migrations/src/schema.integration.test.ts -u',
      cause: error,
    });
  }
}

function finding(difference: SchemaDifference): Finding {
  const { object, committed, live } = difference;
  const restore = statementsThatRestore(difference);
  const name = object.length > 120 ? `${object.slice(0, 119)}…` : object;
  return {
    subject: name,
    detail: describe(difference),
    location: committed === undefined ? name : `${dumpPath}:${committed.line}`,
    risk: 'The database is not what the migrations make and the tests ran against; the next migration may fail on the difference.',
    impact: 'Queries meet a missing index or column here and nowhere else, and a rebuilt database behaves differently.',
    fix:
      restore ??
      (committed === undefined
        ? 'If it is wanted, put it into a migration (npx sanctum-ops migrate new …); if not, drop it.'
        : `Bring it back to what ${dumpPath} says from line ${committed.line}, or put the change into a migration and write the dump again.`),
    severity: committed === undefined ? 'medium' : 'high',
    fingerprint: fingerprint('schema-drift', object, live === undefined ? 'missing' : committed === undefined ? 'unknown' : 'changed'),
  };
}

function describe({ object, committed, live }: SchemaDifference): string {
  if (committed === undefined) return `The database has ${object}, which no migration makes.`;
  if (live === undefined) return `The database lacks ${object}, which the migrations make: ${committed.text.split('\n')[0]}`;
  const lacks = linesOnlyIn(committed, live).join(' · ') || 'nothing';
  const has = linesOnlyIn(live, committed).join(' · ') || 'nothing';
  return `${object} differs. The migrations make: ${lacks}. The database has: ${has}.`;
}
