/** What is refused before a route, its limits and its body are looked at: a foreign Host, an endless address, a method that is not there. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { HostGuard } from './hosts.ts';
import { pathOfTarget } from './paths.ts';
import { sendProblem } from './problem-replies.ts';
import { type Refusals, uriCharactersMax } from './refusals.ts';
import type { Lifecycle } from './request-lifecycle.ts';
import { startTrail } from './request-trail.ts';

export interface EntranceDependencies {
  readonly refusals: Pick<Refusals, 'methodsOf' | 'ofMethod'>;
  readonly hosts: HostGuard;
  readonly lifecycle: Pick<Lifecycle, 'onStart'>;
}

const unknownRoute = '(unknown)';

export function registerEntrance(app: FastifyInstance, { refusals, hosts, lifecycle }: EntranceDependencies): void {
  function refusalOf(request: FastifyRequest): AppError | undefined {
    const host = hosts(request);
    if (host !== undefined) return new AppError(host);
    if (request.url.length > uriCharactersMax) return new AppError('request.uri_too_long');
    if (!request.is404) return undefined;
    const path = pathOfTarget(request.url);
    const wrongMethod = refusals.ofMethod(request.method, path);
    if (wrongMethod !== undefined) return wrongMethod;
    return refusals.methodsOf(path).length === 0 ? new AppError('request.route_unknown') : undefined;
  }

  app.addHook('onRequest', (request, reply, done) => {
    const error = refusalOf(request);
    if (error === undefined) {
      done();
      return;
    }
    startTrail(request, request.is404 ? unknownRoute : (request.routeOptions.url ?? unknownRoute), 0);
    lifecycle.onStart(request, reply);
    // Its body is not read: the connection ends with the answer.
    if (request.method !== 'GET' && request.method !== 'HEAD') reply.header('connection', 'close');
    sendProblem(reply, error);
  });
}
