/**
 * Headers that an answer has unless it says them otherwise, kept as lines that are ready to be sent. Fastify copies each header
 * of each answer into an object, and Node then looks at every name and value and joins them to the head piece by piece: for ten
 * headers that never change, more work than all guards of a route together.
 *
 * The lines go where Node begins its own, behind the status line. That is `_storeHeader`, which every way of writing a head
 * ends in and which is not part of Node's public interface: where a response does not have it (`inject` makes responses of its
 * own) the headers are set one by one, and a test holds both ways to the same answer.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse as Response } from 'node:http';
import type { FastifyReply } from 'fastify';
import { ServerResponse, validateHeaderName, validateHeaderValue } from './node-http.ts';
import type { HeaderSet } from './security-headers.ts';

/** Headers as Node gives them to `_storeHeader`: an object, names and values in turns, or its own record of `setHeader`. */
type Head = OutgoingHttpHeaders | readonly string[] | undefined;

interface HeadWriter {
  _storeHeader(this: Response, statusLine: string, head: Head): void;
}
// Node's types leave no other way: they hold its public interface alone.
const node = ServerResponse.prototype as unknown as HeadWriter;

/** Every name that stands anywhere. Bounded: one entry per header that is declared, at the start. */
const standingNames = new Set<string>();

export class Answer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Whole lines, each with its end. */
  standing = '';

  _storeHeader(statusLine: string, head: Head): void {
    if (this.standing === '' || !saysOtherwise(head)) node._storeHeader.call(this, statusLine + this.standing, head);
    else node._storeHeader.call(this, statusLine, this.#merged(head));
  }

  /** What the answer says itself goes before what stands, in the place of that. */
  #merged(head: Head): Head {
    const standing = this.standing.trimEnd().split('\r\n');
    const pairs = standing.map((line): [name: string, value: string] => {
      const end = line.indexOf(': ');
      return [line.slice(0, end), line.slice(end + 2)];
    });
    if (Array.isArray(head)) return [...pairs.filter(([name]) => !head.includes(name)).flat(), ...(head as readonly string[])];
    if (this.getHeaderNames().length === 0) return { ...Object.fromEntries(pairs), ...(head as OutgoingHttpHeaders) };
    for (const [name, value] of pairs) if (!this.hasHeader(name)) this.setHeader(name, value);
    return head;
  }
}

function saysOtherwise(head: Head): boolean {
  if (head === undefined) return false;
  const names: readonly string[] = Array.isArray(head) ? head : Object.keys(head);
  return names.some((name) => standingNames.has(name));
}

/** Gives an answer the same headers as every other one of its kind. */
export type StandingHeaders = (reply: FastifyReply) => void;

/** Throws for a name or a value that no header may have. */
export function createStandingHeaders(headers: HeaderSet): StandingHeaders {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    standingNames.add(name);
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = lines.join('');
  return (reply) => {
    if (reply.raw instanceof Answer) reply.raw.standing += text;
    else reply.headers(headers);
  };
}

/** One header whose value differs from answer to answer and needs no look: a number, or a text whose characters were checked. */
export function createStandingHeader(name: string): (reply: FastifyReply, value: string | number) => void {
  validateHeaderName(name);
  standingNames.add(name);
  const begin = `${name}: `;
  return (reply, value) => {
    if (reply.raw instanceof Answer) reply.raw.standing += `${begin}${value}\r\n`;
    else reply.header(name, value);
  };
}
