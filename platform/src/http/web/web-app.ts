/**
 * The web app on the API's origin: built files from platform/web/dist, and the app's page for every path it may know.
 * Only what the entrance lets through gets here: GET and HEAD outside the API.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { pathOfTarget } from '../server/paths.ts';
import { sendProblem } from '../server/problem-replies.ts';
import type { Lifecycle } from '../server/request-lifecycle.ts';
import { startTrail } from '../server/request-trail.ts';
import type { SecurityHeaders } from '../server/security-headers.ts';
import { hasStaticFile, sendStaticFile, sendStaticPage } from './static-files.ts';

export interface WebAppDependencies {
  /** Folder of the built app; it may be absent. */
  readonly folder: string;
  readonly headers: SecurityHeaders;
  readonly lifecycle: Lifecycle;
}

const trailRoute = '/*';

const notBuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sanctum</title>
<h1>The web app is not built yet</h1>
<p>The API is running. Build the web app with <code>npm run build -w @sanctum/web</code>, or start everything with <code>make up</code>, then reload this page.</p>
<p><a href="/api/docs">The API's documentation</a></p>
</html>
`;

/** Needs what `registerStaticFiles` adds. */
export function registerWebApp(app: FastifyInstance, { folder, headers: { webApp: headers }, lifecycle }: WebAppDependencies): void {
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request).slice(1);
    startTrail(request, trailRoute, 0);
    lifecycle.onStart(request, reply);
    if (await hasStaticFile(folder, path)) return sendStaticFile(reply, { folder, path, headers });
    // A missing file is missing; only paths without a suffix can be pages.
    if (/\.[a-z0-9]+$/i.test(path) || !acceptsHtml(request)) return sendProblem(reply, new AppError('request.route_unknown'));
    const page = 'index.html';
    if (!(await hasStaticFile(folder, page))) return sendNotBuilt(reply.headers(headers));
    return sendStaticPage(reply, { folder, path: page, headers });
  });
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.status(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(notBuiltPage);
}

/** The path without its query, decoded; a path that cannot be decoded matches nothing. */
function pathOf(request: FastifyRequest): string {
  const raw = pathOfTarget(request.url);
  try {
    return decodeURIComponent(raw);
  } catch {
    // Not an error of ours: such a path names no file and no page.
    return raw;
  }
}

function acceptsHtml(request: FastifyRequest): boolean {
  const accept = request.headers.accept;
  return accept === undefined || accept.includes('text/html') || accept.includes('*/*');
}
