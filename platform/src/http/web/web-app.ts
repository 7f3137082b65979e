/**
 * The web app on the API's origin: built files from platform/web/dist, and the app's page for every path it may know.
 * A new build is noticed without a restart. Only what the entrance lets through gets here: GET and HEAD outside the API.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Lifecycle } from '../server/request-lifecycle.ts';
import { pathOfTarget } from '../server/paths.ts';
import { sendProblem } from '../server/problem-replies.ts';
import { startTrail } from '../server/request-trail.ts';
import type { SecurityHeaders } from '../server/security-headers.ts';
import { createStaticSender, readStaticFolder, type StaticFolder } from './static-files.ts';

export interface WebAppDependencies {
  /** Folder of the built app; it may be absent. */
  readonly folder: string;
  readonly headers: SecurityHeaders;
  readonly lifecycle: Lifecycle;
}

const rebuildCheckMs = 1000;
const trailRoute = '/*';

const notBuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sanctum</title>
<h1>The web app is not built yet</h1>
<p>The API is running. Build the web app with <code>npm run build -w @sanctum/web</code>, or start everything with <code>make up</code>, then reload this page.</p>
<p><a href="/api/docs">The API's documentation</a></p>
</html>
`;

export function registerWebApp(app: FastifyInstance, deps: WebAppDependencies): void {
  const { send } = createStaticSender({ headers: deps.headers.webApp });
  const built = createBuiltFolder(deps.folder);

  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request);
    startTrail(request, trailRoute, 0);
    deps.lifecycle.onStart(request, reply);
    const folder = await built.current();
    const file = folder?.find(path.slice(1));
    if (file !== undefined) return send(request, reply, file);
    // A missing file is missing; only paths without a suffix can be pages.
    if (/\.[a-z0-9]+$/i.test(path) || !acceptsHtml(request)) return sendProblem(reply, new AppError('request.route_unknown'));
    const page = folder?.find('index.html');
    return page === undefined ? sendNotBuilt(reply, deps.headers) : send(request, reply, page);
  });
}

function sendNotBuilt(reply: FastifyReply, headers: SecurityHeaders): FastifyReply {
  return reply.headers(headers.webApp).status(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(notBuiltPage);
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

interface BuiltFolder {
  current(): Promise<StaticFolder | undefined>;
}

/** Reads the folder when first asked and again after a new build, which replaces index.html. */
function createBuiltFolder(folder: string): BuiltFolder {
  let loaded: Promise<StaticFolder | undefined> | undefined;
  let builtAtMs = 0;
  let checkedAt = Number.NEGATIVE_INFINITY;
  return {
    current: async () => {
      const now = performance.now();
      if (loaded === undefined || now - checkedAt >= rebuildCheckMs) {
        checkedAt = now;
        // Zero stands for a page that is not built: no file was written in 1970.
        const mtimeMs = await stat(join(folder, 'index.html')).then(
          (found) => found.mtimeMs,
          () => 0,
        );
        if (loaded === undefined || mtimeMs !== builtAtMs) {
          builtAtMs = mtimeMs;
          loaded = mtimeMs === 0 ? Promise.resolve(undefined) : readStaticFolder(folder);
        }
      }
      return loaded;
    },
  };
}
