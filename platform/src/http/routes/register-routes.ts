/** Turns route declarations into Fastify routes. The only place that calls `app.route` for the API. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorCatalogue } from '../../errors.ts';
import { createGuard, type GuardDependencies } from './guards.ts';
import type { Idempotency } from './idempotency.ts';
import { createHandlerDeadlines, type HandlerDeadlines } from '../server/handler-deadlines.ts';
import { rateLimits } from '../../limits/rate-limits.ts';
import { runInTrail, startTrail } from '../server/request-trail.ts';
import type { Turns } from '../../limits/turns.ts';
import { binaryBody, type CreatingRequest, type RateLimitName, type Route, type RouteRequest } from './route.ts';

const accessLevels: ReadonlySet<string> = new Set(['public', 'user', 'admin', 'operations']);

export interface RegisterDependencies extends GuardDependencies {
  readonly handlerTimeoutMs: number;
  readonly idempotency: Idempotency;
  readonly turns: Turns<RateLimitName>;
  /** First thing that happens to a request: headers of the answer, span. */
  readonly onStart: (request: FastifyRequest, reply: FastifyReply) => void;
}

/** Throws at start-up when a declaration is incomplete or two share a name: nothing undeclared is ever served. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], deps: RegisterDependencies): void {
  assertComplete(routes);
  const deadlines = createHandlerDeadlines({ timeoutMs: deps.handlerTimeoutMs });
  app.addHook('onResponse', (request, _reply, done) => {
    deadlines.forget(request);
    done();
  });
  app.addHook('onClose', async () => deadlines.stop());
  for (const route of routes) registerRoute(app, route, deps, deadlines);
}

function registerRoute(app: FastifyInstance, route: Route, deps: RegisterDependencies, deadlines: HandlerDeadlines): void {
  const guard = createGuard(route, deps);
  const status = successStatus(route);
  const handle = handlerOf(route, deps.idempotency);
  const { params, querystring, body, headers, response } = route.schema;
  const inTurn = <T>({ trail }: FastifyRequest, work: () => Promise<T>): Promise<T> =>
    trail?.caller === undefined ? work() : deps.turns.run(route.rateLimit, trail.caller, work);
  app.route({
    method: route.method,
    url: route.url,
    schema: {
      ...(params === undefined ? {} : { params }),
      ...(querystring === undefined ? {} : { querystring }),
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
      response,
    },
    ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
    config: { operationId: route.operationId, statementsMax: route.statementsMax, takesBytes: route.schema.body === binaryBody },
    onRequest: (request, reply, done) => {
      startTrail(request, route.url, route.statementsMax);
      deps.onStart(request, reply);
      // Without a promise where nothing is waited for: three turns of the microtask queue cost as much as the guards.
      let waiting: Promise<void> | undefined;
      try {
        waiting = guard(request, reply);
      } catch (error) {
        done(error as Error);
        return;
      }
      if (waiting === undefined) done();
      else waiting.then(() => done(), done);
    },
    handler: (request, reply) => {
      if (status !== 200) reply.status(status);
      // The validators have parsed these parts; of a type-erased route the compiler cannot know into what.
      const input: RouteRequest<never> = {
        params: request.params as never,
        query: request.query as never,
        body: request.body as never,
        raw: request,
      };
      if (route.access === 'operations') return runInTrail(request, () => handle(input, reply));
      deadlines.watch(request, reply);
      return runInTrail(request, () => inTurn(request, () => handle(input, reply)));
    },
  });
}

type Handle = (input: RouteRequest<never>, reply: FastifyReply) => Promise<unknown>;

/** The route's handler; one that creates is given `once`, and answers with what that gave. */
function handlerOf(route: Route, idempotency: Idempotency): Handle {
  // Without `once`, which only handlers of idempotent routes are typed to take.
  if (route.idempotent !== true) return (input, reply) => route.handler(input as CreatingRequest<never>, reply);
  const status = successStatus(route);
  return async (input, reply) => {
    let created: string | undefined;
    const once: CreatingRequest<never>['once'] = async (work) => (created = await idempotency.run(input.raw, reply, status, work));
    const answer = await route.handler({ ...input, once }, reply);
    if (created === undefined || answer !== created)
      throw new Error(`route ${route.method} ${route.url} is idempotent and answered without once: return once((tx) => ...)`);
    return answer;
  };
}

/** The lowest declared 2xx status, which a handler answers with unless it says otherwise. */
export function successStatus(route: Route): number {
  const statuses = Object.keys(route.schema.response)
    .map(Number)
    .filter((status) => status >= 200 && status < 300);
  return statuses.length === 0 ? 200 : Math.min(...statuses);
}

function assertComplete(routes: readonly Route[]): void {
  const operations = new Set<string>();
  for (const route of routes) {
    const where = `route ${route.method} ${route.url}`;
    if (!accessLevels.has(route.access))
      throw new Error(`${where} does not say who may call it: give access public, user, admin or operations`);
    if (!(route.rateLimit in rateLimits)) throw new Error(`${where} has no rate limit: name one of ${Object.keys(rateLimits).join(', ')}`);
    if (!Number.isInteger(route.statementsMax) || route.statementsMax < 0)
      throw new Error(`${where} has no statement budget: give statementsMax`);
    if (!/^[a-z][A-Za-z0-9]*$/.test(route.operationId))
      throw new Error(`${where} has the operationId "${route.operationId}": write it in camelCase`);
    if (operations.has(route.operationId))
      throw new Error(`${where} shares the operationId ${route.operationId} with another route: rename one`);
    if (Object.keys(route.schema.response).length === 0) throw new Error(`${where} declares no response: nothing could leave the server`);
    for (const code of route.errors ?? [])
      if (!(code in errorCatalogue)) throw new Error(`${where} names the error ${code}, which is not in the catalogue`);
    assertRepeatable(route, where);
    operations.add(route.operationId);
  }
}

/** Clients repeat a request whose answer they did not get. What would then be created twice has to say what becomes of it. */
function assertRepeatable(route: Route, where: string): void {
  const creates = route.method === 'POST' && 201 in route.schema.response;
  if (creates && route.idempotent === undefined)
    throw new Error(`${where} creates and does not say what a repetition does: give idempotent: true and create with once`);
  if (route.idempotent === true && !creates)
    throw new Error(`${where} is idempotent and no POST that answers 201: leave idempotent out, or create with once and declare 201`);
}
