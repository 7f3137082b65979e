/** The API document, a page to read it, and the page that explains every error code. */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError, errorCatalogue } from '../../errors.ts';
import { defineRoute, type Route } from './route.ts';
import type { SecurityHeaders } from '../server/security-headers.ts';
import { hasStaticFile, sendStaticFile } from '../web/static-files.ts';

export interface ApiPagesDependencies {
  readonly headers: SecurityHeaders;
  /** All declarations, these pages' own included; asked for when the document is first wanted. */
  readonly routes: () => readonly Route[];
}

const asText = (payload: unknown): string => String(payload);
const swaggerFiles: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js']);

const page = {
  tags: ['operations'],
  method: 'GET',
  access: 'operations',
  rateLimit: 'operations',
  statementsMax: 0,
  degradation: 'full',
} as const;

const docsPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sanctum API</title><link rel="stylesheet" href="/api/docs/swagger-ui.css"></head>
<body><div id="document"></div><script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body>
</html>
`;

const startScript = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#document', deepLinking: true, validatorUrl: null });\n`;

export function createApiPageRoutes({ headers, routes }: ApiPagesDependencies): Route[] {
  let documentText: Promise<string> | undefined;

  return [
    defineRoute({
      ...page,
      url: '/api/openapi.json',
      operationId: 'getOpenApi',
      summary: 'This document',
      schema: { response: { 200: z.unknown() } },
      handler: async (_request, reply) => {
        documentText ??= renderDocument(routes());
        return reply
          .type('application/json; charset=utf-8')
          .header('cache-control', 'no-cache')
          .serializer(asText)
          .send(await documentText);
      },
    }),
    defineRoute({
      ...page,
      url: '/api/docs',
      operationId: 'getApiPage',
      summary: 'A page to read and try the API',
      schema: { response: { 200: z.string() } },
      handler: async (_request, reply) => reply.headers(headers.apiPage).type('text/html; charset=utf-8').serializer(asText).send(docsPage),
    }),
    defineRoute({
      ...page,
      url: '/api/docs/:file',
      operationId: 'getApiPageFile',
      summary: 'Files of that page',
      errors: ['request.route_unknown'],
      schema: { params: z.object({ file: z.string() }), response: { 200: z.string() } },
      handler: async (request, reply) => {
        const { file: name } = request.params;
        if (name === 'start.js') return reply.type('text/javascript; charset=utf-8').serializer(asText).send(startScript);
        const folder = swaggerFolder();
        if (!swaggerFiles.has(name) || !(await hasStaticFile(folder, name))) throw new AppError('request.route_unknown');
        return sendStaticFile(reply, { folder, path: name, headers: headers.apiPage });
      },
    }),
    defineRoute({
      ...page,
      url: '/api/errors',
      operationId: 'getErrorPage',
      summary: 'Every error code, what it means and what to do',
      schema: { response: { 200: z.string() } },
      handler: async (_request, reply) =>
        reply.headers(headers.apiPage).type('text/html; charset=utf-8').serializer(asText).send(renderErrorPage()),
    }),
  ];
}

async function renderDocument(routes: readonly Route[]): Promise<string> {
  const { buildOpenApi } = await import('./openapi.ts');
  return JSON.stringify(buildOpenApi(routes));
}

function swaggerFolder(): string {
  return join(dirname(new URL(import.meta.resolve('@fastify/swagger-ui')).pathname), 'static');
}

function renderErrorPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, title, fix }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td><td>${escapeHtml(fix)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Errors of the Sanctum API</title>
<style>body{font-family:system-ui,sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;padding:.5rem;text-align:left;vertical-align:top}tr:target{background:#fff3c4;color:#000}</style></head>
<body><h1>Errors of the Sanctum API</h1>
<p>Every error answer is <code>application/problem+json</code> (RFC 9457) with the fields type, title, status, code, detail, requestId and, for invalid input, problems.</p>
<table><thead><tr><th>code</th><th>status</th><th>what is wrong</th><th>what to do</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
