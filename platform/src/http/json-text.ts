/** Sends JSON that PostgreSQL built, byte for byte: no parse, no stringify. */
import type { FastifyReply } from 'fastify';

const passThrough = (payload: unknown): string => String(payload);

export function sendJsonText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').serializer(passThrough).send(text);
}
