/**
 * /health says that the process lives and asks nobody. /ready says that it may get traffic and proves it: a round
 * trip to the database, the schema it was written for, a message published and received through the store.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../../db/database.ts';
import { readinessChannel } from '../../redis/keys.ts';
import type { Store } from '../../redis/store.ts';
import * as queries from './health.queries.ts';
import { errorCodeOf } from '../../db/sqlstate.ts';
import { AppError } from '../../errors.ts';
import { runShared } from '../../telemetry/request-context.ts';
import type { OperationsAccess } from './operations-access.ts';
import { defineRoute, type Route } from './route.ts';

export interface HealthDependencies {
  readonly db: Database;
  readonly store: Store;
  /** Number of the latest migration this code was written for. */
  readonly schemaHead: number;
  readonly isShuttingDown: () => boolean;
  /** Who sees the parts. */
  readonly mayLook: OperationsAccess;
  readonly onProbe: (ready: boolean) => void;
}

const partTimeoutMs = 1000;

const live = z.object({ status: z.literal('alive'), uptimeSeconds: z.number() }).meta({ id: 'Health' });
const part = z.object({ ok: z.boolean(), required: z.boolean(), durationMs: z.number(), detail: z.string() });
const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    /** Only for operators. */
    parts: z.object({ database: part, migrations: part, store: part, lifecycle: part }).optional(),
  })
  .meta({ id: 'Readiness' });

type Part = z.output<typeof part>;

export function createHealthRoutes(deps: HealthDependencies): Route[] {
  // However many ask at once, one probe runs: probes have two connections of their own, and nobody may fill them by asking.
  let probing: Promise<z.output<typeof readiness>> | undefined;
  const probeOnce = () => {
    probing ??= runShared(() => probe(deps)).finally(() => {
      probing = undefined;
    });
    return probing;
  };
  return [
    defineRoute({
      method: 'GET',
      url: '/health',
      operationId: 'getHealth',
      summary: 'Whether the process lives. Asks nothing else',
      tags: ['operations'],
      access: 'operations',
      rateLimit: 'operations',
      statementsMax: 0,
      degradation: 'full',
      schema: { response: { 200: live } },
      handler: async (_request, reply) => {
        reply.header('cache-control', 'no-store');
        return { status: 'alive', uptimeSeconds: Math.round(process.uptime()) };
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/ready',
      operationId: 'getReadiness',
      summary: 'Whether the process may get traffic; for operators part by part',
      tags: ['operations'],
      access: 'operations',
      rateLimit: 'operations',
      statementsMax: 2,
      degradation: 'full',
      schema: { response: { 200: readiness, 503: readiness } },
      handler: async (request, reply) => {
        const result = await probeOnce();
        deps.onProbe(result.status === 'ready');
        reply.header('cache-control', 'no-store').status(result.status === 'ready' ? 200 : 503);
        return deps.mayLook(request.raw) ? result : { status: result.status };
      },
    }),
  ];
}

async function probe(deps: HealthDependencies): Promise<z.output<typeof readiness>> {
  const [database, migrations, store] = await Promise.all([
    look(true, () => databaseRoundTrip(deps.db)),
    look(true, () => schemaIsOurs(deps.db, deps.schemaHead)),
    // Everything acknowledged lives in PostgreSQL: without the store the instance is slower, not wrong.
    look(false, () => publishReceive(deps.store)),
  ]);
  const lifecycle: Part = {
    ok: !deps.isShuttingDown(),
    required: true,
    durationMs: 0,
    detail: deps.isShuttingDown() ? 'shutting down' : 'serving',
  };
  const parts = { database, migrations, store, lifecycle };
  const ready = Object.values(parts).every((one) => one.ok || !one.required);
  return { status: ready ? 'ready' : 'not_ready', parts };
}

/** An error of the database or the network by its code alone: its text names hosts and roles. Our own are written to be read. */
function inPublic(error: unknown): string {
  const code = errorCodeOf(error);
  if (code !== undefined && !(error instanceof AppError)) return `failed with ${code}`;
  return error instanceof Error ? error.message : 'failed';
}

async function look(required: boolean, work: () => Promise<string>): Promise<Part> {
  const started = performance.now();
  const finish = (ok: boolean, detail: string): Part => ({
    ok,
    required,
    durationMs: Math.round((performance.now() - started) * 10) / 10,
    detail,
  });
  const late = Promise.withResolvers<Part>();
  const timer = setTimeout(() => late.resolve(finish(false, `no answer within ${partTimeoutMs} ms`)), partTimeoutMs);
  try {
    return await Promise.race([
      work().then(
        (detail) => finish(true, detail),
        (error: unknown) => finish(false, inPublic(error)),
      ),
      late.promise,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function databaseRoundTrip(db: Database): Promise<string> {
  const { in_recovery: inRecovery } = await db.one(queries.roundTrip, {});
  if (inRecovery) throw new Error('the database is read-only: it is a replica or still recovering');
  return 'answers';
}

async function schemaIsOurs(db: Database, head: number): Promise<string> {
  const { is_there: isThere, applied, needs } = await db.one(queries.appliedHead, { code_head: head });
  if (!isThere) throw new Error(`migration ${head}, which this code is written for, is not applied: run npx sanctum-ops migrate status`);
  if (needs > head) {
    throw new Error(
      `the schema is at migration ${applied} and needs code that knows migration ${needs}, this code knows ${head}: run npx sanctum-ops migrate status`,
    );
  }
  return applied === head ? `at migration ${head}` : `at migration ${applied}, which keeps code for ${head} working`;
}

/** A message of our own has to come back: a store that only accepts messages is not in order. */
async function publishReceive(store: Store): Promise<string> {
  const channel = readinessChannel.build(randomUUID());
  const token = randomUUID();
  const received = Promise.withResolvers<void>();
  const subscription = await store.subscribe(channel, (message) => {
    if (message === token) received.resolve();
  });
  try {
    await store.publish(channel, token);
    const timer = setTimeout(() => received.reject(new Error('published, never received')), partTimeoutMs - 100);
    await received.promise.finally(() => clearTimeout(timer));
    return `${store.kind}: published and received`;
  } finally {
    await subscription.close();
  }
}
