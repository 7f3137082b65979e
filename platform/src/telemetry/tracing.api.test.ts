import { InMemorySpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../test/harness/test-app.ts';
import { observeStore } from '../redis/observed-store.ts';
import { createInProcessStore } from '../redis/in-process-store.ts';
import { startTracing, type Tracing } from './tracing.ts';

const exported: ReadableSpan[] = [];
const exporter: SpanExporter = {
  export: (spans, done) => {
    exported.push(...spans);
    done({ code: 0 });
  },
  shutdown: async () => {},
};
let tracing: Tracing;
let testApp: TestApp;

beforeAll(async () => {
  tracing = await startTracing({ endpoint: 'http://127.0.0.1:1', sampleRatio: 0, instance: 'test', exporter });
  testApp = await createTestApp({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', LOG_LEVEL: 'info' },
    store: observeStore(createInProcessStore()),
  });
});
afterAll(async () => {
  await testApp.close();
});

test('a start-up request that skips the database and the store fails the self-test by name', async () => {
  const blind = await startTracing({
    endpoint: 'http://127.0.0.1:1',
    sampleRatio: 1,
    instance: 'blind',
    exporter: new InMemorySpanExporter(),
  });
  const result = await blind.selfTest(async () => undefined);
  expect(result).toEqual({ passed: false, missing: ['http', 'database', 'store'] });
  await blind.close();
});

test('the start-up request proves the spans of http, database and store, whatever the sample ratio', async () => {
  const result = await tracing.selfTest((traceparent) => testApp.app.inject({ url: '/ready', headers: { traceparent } }));
  expect(result).toEqual({ passed: true, missing: [] });
});

test('a stranger cannot have a request sampled, and its trace id still reaches the log', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await testApp.app.inject({ url: '/api/feeds/popular', headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
  expect(testApp.logs.some((line) => line['trace_id'] === traceId && line['route'] === '/api/feeds/popular')).toBe(true);
  // Sends what is left: the spans of the self-test, and nothing of the stranger's.
  await tracing.close();
  expect(exported.map((span) => span.name)).toContain('health.round_trip');
  expect(exported.filter((span) => span.spanContext().traceId === traceId)).toEqual([]);
});
