/** One PostgreSQL server for the whole run, one migrated template that every test file clones. */
import { startTemporaryPostgres } from '../../local/temporary-postgres.ts';
import { createTemplate } from './template.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env['SANCTUM_TEST_DATABASE_URL'];
  if (given !== undefined) {
    await createTemplate(given);
    return async () => {};
  }
  const server = await startTemporaryPostgres();
  process.env['SANCTUM_TEST_DATABASE_URL'] = server.url;
  await createTemplate(server.url);
  return () => server.stop();
}
