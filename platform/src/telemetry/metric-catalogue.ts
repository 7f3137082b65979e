/** Every metric, declared once: dashboards, alerts and load thresholds can only name what stands here. */
import { defineMetric } from './define-metric.ts';
import { realtimeMetrics } from './realtime-metrics.ts';

const requestBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const queryBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const route = 'route pattern of the declaration';
const query = 'name in the query catalogue';
const store = 'in-process | redis';
const kind = 'read | search | write | auth | background';

export const metricCatalogue = {
  requestDuration: defineMetric({
    name: 'sanctum_http_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from the first header byte to the last byte of the answer.',
    labels: { route, method: 'HTTP method', status: 'status class: 2xx, 3xx, 4xx, 5xx' },
    buckets: requestBuckets,
  }),
  requestErrors: defineMetric({
    name: 'sanctum_http_request_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'Answers with an error, by code of the error catalogue.',
    labels: { route, code: 'code in the error catalogue' },
  }),
  requestsInFlight: defineMetric({
    name: 'sanctum_http_requests_in_flight',
    type: 'gauge',
    unit: 'count',
    help: 'Requests being answered.',
    labels: {},
  }),
  requestsShed: defineMetric({
    name: 'sanctum_http_requests_shed_total',
    type: 'counter',
    unit: 'count',
    help: 'Requests refused because the process was overloaded.',
    labels: { reason: 'event-loop | pool' },
  }),
  requestsLimited: defineMetric({
    name: 'sanctum_http_requests_limited_total',
    type: 'counter',
    unit: 'count',
    help: 'Requests refused by a rate limit.',
    labels: { limit: 'name in the rate limit catalogue' },
  }),
  statementBudgetExceeded: defineMetric({
    name: 'sanctum_http_statement_budget_exceeded_total',
    type: 'counter',
    unit: 'count',
    help: 'Requests that ran more SQL statements than their route declares.',
    labels: { route },
  }),
  queryDuration: defineMetric({
    name: 'sanctum_db_query_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Duration of one SQL statement as the process saw it.',
    labels: { query },
    buckets: queryBuckets,
  }),
  queryErrors: defineMetric({
    name: 'sanctum_db_query_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'SQL statements that failed.',
    labels: { query, sqlstate: 'class (first two characters) of the SQLSTATE, or "none"' },
  }),
  queriesSlow: defineMetric({
    name: 'sanctum_db_queries_slow_total',
    type: 'counter',
    unit: 'count',
    help: 'SQL statements above their own budget.',
    labels: { query },
  }),
  queriesCancelled: defineMetric({
    name: 'sanctum_db_queries_cancelled_total',
    type: 'counter',
    unit: 'count',
    help: 'SQL statements cancelled on the server: past their bound, or read for a client that left.',
    labels: { query, reason: 'over-budget | client-gone' },
  }),
  queryRows: defineMetric({
    name: 'sanctum_db_query_rows_total',
    type: 'counter',
    unit: 'count',
    help: 'Rows returned.',
    labels: { query },
  }),
  poolConnections: defineMetric({
    name: 'sanctum_db_pool_connections',
    type: 'gauge',
    unit: 'count',
    help: 'Connections of the pool.',
    labels: { state: 'total | idle | max' },
  }),
  poolWaiting: defineMetric({
    name: 'sanctum_db_pool_waiting',
    type: 'gauge',
    unit: 'count',
    help: 'Requests waiting for a connection.',
    labels: {},
  }),
  bulkheadHeld: defineMetric({
    name: 'sanctum_db_bulkhead_held',
    type: 'gauge',
    unit: 'count',
    help: 'Connections of the pool in the hands of one kind of query.',
    labels: { kind },
  }),
  bulkheadWaiting: defineMetric({
    name: 'sanctum_db_bulkhead_waiting',
    type: 'gauge',
    unit: 'count',
    help: 'Requests of one kind that wait for a connection.',
    labels: { kind },
  }),
  bulkheadRefused: defineMetric({
    name: 'sanctum_db_bulkhead_refused_total',
    type: 'counter',
    unit: 'count',
    help: 'Requests refused because their kind held its share of the pool and its waiters were as many as may wait.',
    labels: { kind },
  }),
  poolIdleErrors: defineMetric({
    name: 'sanctum_db_pool_idle_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'Idle connections that broke.',
    labels: {},
  }),
  afterCommitFailures: defineMetric({
    name: 'sanctum_db_after_commit_failures_total',
    type: 'counter',
    unit: 'count',
    help: 'Pieces of work that were to follow a commit and failed; what was committed stands.',
    labels: {},
  }),
  storeErrors: defineMetric({
    name: 'sanctum_store_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'Calls of the store that failed or came too late.',
    labels: { store },
  }),
  storeBreakerOpen: defineMetric({
    name: 'sanctum_store_breaker_open',
    type: 'gauge',
    unit: 'count',
    help: '1 while calls of the store are refused without asking it.',
    labels: {},
  }),
  textRenders: defineMetric({
    name: 'sanctum_text_renders_total',
    type: 'counter',
    unit: 'count',
    help: 'Written texts turned into HTML, or refused.',
    labels: { outcome: 'rendered | too-costly | busy' },
  }),
  cacheReads: defineMetric({
    name: 'sanctum_cache_reads_total',
    type: 'counter',
    unit: 'count',
    help: 'Reads through the cache.',
    labels: {
      key: 'name in the key catalogue',
      result: 'hit_local | hit_stale | hit_store | miss | load_failed | store_failed | too_large',
    },
  }),
  eventDeliveries: defineMetric({
    name: 'sanctum_event_deliveries_total',
    type: 'counter',
    unit: 'count',
    help: 'Domain events that a subscriber was told of; failed: it threw, or took too long.',
    labels: { event: 'name in the event catalogue', subscriber: 'name in the table of subscribers', outcome: 'ok | failed' },
  }),
  jobsFinished: defineMetric({
    name: 'sanctum_jobs_finished_total',
    type: 'counter',
    unit: 'count',
    help: 'Job attempts that ended.',
    labels: { job: 'name in the job catalogue', outcome: 'ok | failed | dead' },
  }),
  jobDuration: defineMetric({
    name: 'sanctum_job_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Duration of one job attempt.',
    labels: { job: 'name in the job catalogue' },
    buckets: requestBuckets,
  }),
  jobsReady: defineMetric({ name: 'sanctum_jobs_ready', type: 'gauge', unit: 'count', help: 'Jobs that could run now.', labels: {} }),
  jobsOldestSeconds: defineMetric({
    name: 'sanctum_jobs_oldest_ready_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Age of the oldest job that could run now.',
    labels: {},
  }),
  jobsDead: defineMetric({
    name: 'sanctum_jobs_dead',
    type: 'gauge',
    unit: 'count',
    help: 'Jobs that used up their attempts.',
    labels: {},
  }),
  ...realtimeMetrics,
  eventLoopDelay: defineMetric({
    name: 'sanctum_event_loop_delay_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Delay of the event loop over the last sample.',
    labels: { quantile: 'p50 | p99 | max' },
  }),
  processReady: defineMetric({
    name: 'sanctum_ready',
    type: 'gauge',
    unit: 'count',
    help: '1 after the last readiness probe that found everything in place, else 0.',
    labels: {},
  }),
  traceSelfTest: defineMetric({
    name: 'sanctum_trace_self_test_passed',
    type: 'gauge',
    unit: 'count',
    help: '1 when the start-up request produced the spans HTTP, database and store; 0 when not; absent without tracing.',
    labels: {},
  }),
} as const;

export type MetricKey = keyof typeof metricCatalogue;
