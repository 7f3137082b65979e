/** The API document of the platform as it would be served, without a database: building the app connects to nothing. */
import { buildApp } from './app.ts';
import { loadConfig } from './config/config.ts';
import { createDatabase } from './db/database.ts';
import { buildOpenApi } from './http/routes/openapi.ts';
import { createInProcessStore } from './redis/in-process-store.ts';
import { createLogger } from './telemetry/logging.ts';
import { createMetrics } from './telemetry/metrics.ts';

const nowhere = 'postgres://nobody@127.0.0.1:1/none';

/** OpenAPI 3.1 as JSON text with a final line break; the same text for the same code. */
export async function renderApiDocument(): Promise<string> {
  const config = loadConfig({
    DATABASE_URL: nowhere,
    JWT_SECRET: 'only-for-building-the-document-of-the-api',
    LOG_LEVEL: 'silent',
    JOBS_ENABLED: 'false',
  });
  const db = createDatabase({
    url: nowhere,
    poolMax: 1,
    waitersMax: 0,
    connectTimeoutMs: 50,
    statementTimeoutMs: 50,
    lockTimeoutMs: 50,
    applicationName: 'sanctum-document',
  });
  const store = createInProcessStore();
  const app = await buildApp({
    config,
    db,
    store,
    logger: createLogger({ level: config.logLevel }),
    metrics: createMetrics(),
    schemaHead: 0,
  });
  try {
    return `${JSON.stringify(buildOpenApi(app.routes), undefined, 2)}\n`;
  } finally {
    await app.close();
    await store.close();
    await db.close();
  }
}
