/**
 * Traces HTTP → database → store with spans of our own: nothing is patched, so nothing depends on the order in which
 * modules load. The SDK is loaded only where a collector is configured. At the start one request proves that the spans
 * of all three arrive; silent loss of spans is the usual way in which tracing breaks.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ReadableSpan, Sampler, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';

export interface TracingOptions {
  /** OTLP over HTTP, base URL of the collector. */
  readonly endpoint: string;
  /** Share of traces that is kept, decided from the trace id so that all instances agree. */
  readonly sampleRatio: number;
  readonly instance: string;
  /** Instead of sending to the endpoint. */
  readonly exporter?: SpanExporter;
}

export interface SelfTestResult {
  readonly passed: boolean;
  /** Of http, database, store: those whose span did not arrive in the trace of the request. */
  readonly missing: readonly string[];
}

export interface Tracing {
  /**
   * `sendRequest` sends one request that reaches the database and the store, with the given traceparent header.
   * Never throws for missing spans: it says which.
   */
  selfTest(sendRequest: (traceparent: string) => Promise<unknown>): Promise<SelfTestResult>;
  /** Sends what is left. */
  close(): Promise<void>;
}

const selfTestWaitMs = 2000;
const selfTestPollMs = 10;
const spansMax = 100;

const layers: Readonly<Record<string, (span: ReadableSpan) => boolean>> = {
  http: (span) => span.instrumentationScope.name === 'sanctum.http',
  database: (span) => span.instrumentationScope.name === 'sanctum.db',
  store: (span) => span.instrumentationScope.name === 'sanctum.store',
};

export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [{ NodeSDK }, { BatchSpanProcessor, ParentBasedSampler, SamplingDecision, TraceIdRatioBasedSampler }, { resourceFromAttributes }] =
    await Promise.all([import('@opentelemetry/sdk-node'), import('@opentelemetry/sdk-trace-base'), import('@opentelemetry/resources')]);
  const watched = createWatchedTrace();
  const ratio = new TraceIdRatioBasedSampler(options.sampleRatio);
  const root: Sampler = {
    shouldSample: (...parameters) =>
      parameters[1] === watched.traceId
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : ratio.shouldSample(parameters[0], parameters[1]),
    toString: () => `SelfTestOr(${ratio.toString()})`,
  };
  const sdk = new NodeSDK({
    instrumentations: [],
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
    resource: resourceFromAttributes({ 'service.name': 'sanctum-platform', 'service.instance.id': options.instance }),
    // A caller's trace id is taken over, its wish to be sampled is not: strangers would decide what we store.
    sampler: new ParentBasedSampler({ root, remoteParentSampled: root, remoteParentNotSampled: root }),
    spanProcessors: [new BatchSpanProcessor(options.exporter ?? (await createExporter(options.endpoint))), watched.processor],
  });
  sdk.start();
  return {
    selfTest: async (sendRequest) => {
      await sendRequest(`00-${watched.traceId}-${randomBytes(8).toString('hex')}-01`);
      const deadline = performance.now() + selfTestWaitMs;
      while (missingLayers(watched.spans).length > 0 && performance.now() < deadline) await wait(selfTestPollMs);
      watched.stop();
      const missing = missingLayers(watched.spans);
      return { passed: missing.length === 0, missing };
    },
    close: async () => {
      await sdk.shutdown();
    },
  };
}

async function createExporter(endpoint: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url: new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href });
}

/** A layer is there when its span hangs, directly or through others, below the span of the request. */
function missingLayers(spans: readonly ReadableSpan[]): string[] {
  const request = spans.find((span) => layers['http']?.(span) === true);
  if (request === undefined) return Object.keys(layers);
  const parents = new Map(spans.map((span) => [span.spanContext().spanId, span.parentSpanContext?.spanId]));
  const isBelowRequest = (span: ReadableSpan): boolean => {
    let id: string | undefined = span.spanContext().spanId;
    for (let steps = 0; id !== undefined && steps < spansMax; steps += 1) {
      if (id === request.spanContext().spanId) return true;
      id = parents.get(id);
    }
    return false;
  };
  return Object.entries(layers).flatMap(([name, matches]) => (spans.some((span) => matches(span) && isBelowRequest(span)) ? [] : [name]));
}

/** Collects the spans of one trace until it is stopped. */
function createWatchedTrace() {
  const traceId = randomBytes(16).toString('hex');
  const spans: ReadableSpan[] = [];
  let watching = true;
  const processor: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => {
      if (watching && spans.length < spansMax && span.spanContext().traceId === traceId) spans.push(span);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  return {
    traceId,
    spans,
    processor,
    stop: () => {
      watching = false;
    },
  };
}
