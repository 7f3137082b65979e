/** Requests write jobs in their own transactions, so the worker's tables have to be there before the first one, whoever runs the jobs. */
import type { Database } from '../db/database.ts';
import { queueExists } from './jobs.queries.ts';

/** Only where there are none: bringing them up to date is the worker's own business. */
export async function prepareQueue(db: Database, databaseUrl: string): Promise<void> {
  const { exists } = await db.one(queueExists, {});
  if (exists) return;
  const { Logger, runMigrations } = await import('graphile-worker');
  try {
    await runMigrations({ connectionString: databaseUrl, logger: new Logger(() => () => {}), noHandleSignals: true });
  } catch (cause) {
    throw new Error(
      'the tables of the job queue could not be made: start one instance with the role that owns the database, then the others',
      { cause },
    );
  }
}
