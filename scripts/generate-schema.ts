/** Writes migrations/schema.sql, the dump of what the migrations make, from a throw-away PostgreSQL. `node scripts/generate-schema.ts`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyMigrations } from '@sanctum/migrations/apply';
import { dumpSchema } from '@sanctum/migrations/schema-dump';
import { startTemporaryPostgres } from '@sanctum/platform/local/temporary-postgres';

const server = await startTemporaryPostgres();
try {
  await applyMigrations({ database: server.url });
  await writeFile(join(import.meta.dirname, '../migrations/schema.sql'), await dumpSchema({ database: server.url }));
  process.stdout.write('migrations/schema.sql written\n');
} finally {
  await server.stop();
}
