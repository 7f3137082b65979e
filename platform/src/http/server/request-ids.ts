/** Ids of requests. */
import { randomFillSync } from 'node:crypto';

const idBytes = 16;
const idCharacters = 2 * idBytes;
const idsPerFill = 256;
const acceptableId = /^[A-Za-z0-9_.-]{8,128}$/;

/** Gives the caller's X-Request-Id where it is harmless, else a new one of 32 hexadecimal digits. */
export type RequestIds = (request: { readonly headers: Readonly<Record<string, unknown>> }) => string;

/** Drawn and written for many ids at once: a UUID without its dashes costs five times as much, and so does a text for each. */
export function createRequestIds(): RequestIds {
  const random = Buffer.alloc(idBytes * idsPerFill);
  let digits = '';
  let used = 0;
  return (request) => {
    const given = request.headers['x-request-id'];
    if (typeof given === 'string' && acceptableId.test(given)) return given;
    if (used === digits.length) {
      digits = randomFillSync(random).toString('hex');
      used = 0;
    }
    used += idCharacters;
    return digits.slice(used - idCharacters, used);
  };
}
