import { expect, test } from 'vitest';
import { createLogger, logSlowQuery } from './logging.ts';
import { metricCatalogue } from './metric-catalogue.ts';
import { createMetrics } from './metrics.ts';
import { runInRequest } from './request-context.ts';

function collect() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'info',
    destination: { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  return { logger, lines };
}

test('every metric of the catalogue is on the page, with its help and unit suffix', async () => {
  const page = await createMetrics().scrape();
  const definitions = Object.values(metricCatalogue);
  expect(definitions.length).toBeGreaterThan(15);
  for (const { name, help, type, unit } of definitions) {
    expect(page).toContain(`# HELP ${name} ${help}`);
    expect(page).toContain(`# TYPE ${name} ${type}`);
    if (type === 'counter') expect(name).toMatch(/_total$/);
    if (unit === 'seconds') expect(name).toMatch(/_seconds$/);
  }
});

test('names of metrics are unique', () => {
  const names = Object.values(metricCatalogue).map((definition) => definition.name);
  expect(new Set(names).size).toBe(names.length);
});

test('values under the names of secrets are never written, at any of the first three levels', () => {
  const { logger, lines } = collect();
  const secrets = {
    password: 'planted',
    newPassword: 'planted',
    refreshToken: 'planted',
    authorization: 'planted',
    cookie: 'planted',
    databaseUrl: 'planted',
    'set-cookie': 'planted',
  };
  logger.info({ ...secrets, body: secrets, request: { headers: secrets }, kept: 'visible' }, 'with secrets');
  expect(JSON.stringify(lines)).not.toContain('planted');
  expect(lines[0]).toMatchObject({ level: 'info', message: 'with secrets', kept: 'visible', password: '[redacted]' });
});

test('a line written while a request runs carries its ids', () => {
  const { logger, lines } = collect();
  runInRequest({ requestId: 'r-1', traceId: 't-1', userId: '7', statements: 0 }, () => logger.warn('inside'));
  logger.warn('outside');
  expect(lines[0]).toMatchObject({ request_id: 'r-1', trace_id: 't-1', user_id: '7' });
  expect(lines[1]).not.toHaveProperty('request_id');
});

test('a slow query is logged by name with duration, rows and request id, without its values', () => {
  const { logger, lines } = collect();
  runInRequest({ requestId: 'r-2', statements: 1 }, () =>
    logSlowQuery(logger, {
      name: 'posts.find',
      durationMs: 812.3456,
      rows: 3,
      budgetMs: 50,
      outcome: 'ok',
      sqlState: undefined,
      cancelled: undefined,
    }),
  );
  expect(lines[0]).toMatchObject({ level: 'warn', request_id: 'r-2', query: 'posts.find', duration_ms: 812.35, budget_ms: 50, rows: 3 });
});

test('an error is logged with its stack and its cause', () => {
  const { logger, lines } = collect();
  logger.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  expect(JSON.stringify(lines[0])).toContain('telemetry.test.ts');
  expect(JSON.stringify(lines[0])).toContain('inner');
});
