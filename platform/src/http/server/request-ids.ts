/** Ids of requests. */
import { randomFillSync } from 'node:crypto';

const idBytes = 16;
const idsPerFill = 256;
const acceptableId = /^[A-Za-z0-9_.-]{8,128}$/;

/** Gives the caller's X-Request-Id where it is harmless, else a new one of 32 hexadecimal digits. */
export type RequestIds = (request: { readonly headers: Readonly<Record<string, unknown>> }) => string;

/** Random bytes are drawn for many ids at once: a UUID without its dashes costs five times as much. */
export function createRequestIds(): RequestIds {
  const random = Buffer.alloc(idBytes * idsPerFill);
  let used = random.length;
  return (request) => {
    const given = request.headers['x-request-id'];
    if (typeof given === 'string' && acceptableId.test(given)) return given;
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    used += idBytes;
    return random.toString('hex', used - idBytes, used);
  };
}
