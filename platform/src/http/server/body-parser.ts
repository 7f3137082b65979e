/** JSON is the only content type of a body but for routes that take bytes (route.ts). Refused before parsing: invalid UTF-8, nesting deeper than the limit. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body of the route is bytes, as they are. */
    readonly takesBytes?: boolean;
  }
}

/** What a client may call bytes; what they are is judged by what is in them. */
const binaryTypes = ['application/octet-stream', 'image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const;

export const jsonDepthMax = 32;

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const openBrace = 0x7b;
const closeBracket = 0x5d;
const closeBrace = 0x7d;

/** True when brackets nest deeper than `depthMax`, whether or not the text is JSON. One pass, no allocation. */
export function isTooDeep(body: Buffer, depthMax: number): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (inText) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return false;
}

export function registerBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  // Keys that would reach a prototype are an error too.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // Clients send the header without a body; whether one is needed is the route's schema to say.
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(new AppError('request.malformed_json'));
    if (isTooDeep(body, jsonDepthMax)) return done(new AppError('request.too_deep'));
    return parse(request, body.toString('utf8'), (error, value) =>
      error === null ? done(null, value) : done(new AppError('request.malformed_json', { cause: error })),
    );
  });
  // As they are, for the routes whose body is bytes; all others refuse them by their shape.
  app.addContentTypeParser<Buffer>([...binaryTypes], { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.config.takesBytes !== true) return done(new AppError('request.unsupported_media_type'));
    return done(null, body);
  });
}
