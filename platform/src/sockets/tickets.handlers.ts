/** The route that gives out tickets. */
import { z } from 'zod';
import { requireReader } from '../api/reader.ts';
import { AppError } from '../errors.ts';
import { defineRoute, type Route } from '../http/routes/route.ts';
import { socketLimits } from './limits.ts';
import { eventsPath, subprotocol } from './protocol.ts';
import type { Tickets } from './tickets.ts';

const ticketShape = z
  .object({
    ticket: z.string().describe('Opens one connection: offer it in Sec-WebSocket-Protocol as "ticket.…" beside the protocol.'),
    expiresInSeconds: z.number(),
    path: z.string().describe('Where the connection is opened, on the host of the API.'),
    protocol: z.string(),
  })
  .meta({ id: 'ConnectionTicket' });

export interface TicketRoutesDependencies {
  readonly tickets: Pick<Tickets, 'issue'>;
  readonly isGoingAway: () => boolean;
}

export function createTicketRoutes({ tickets, isGoingAway }: TicketRoutesDependencies): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/ws/ticket',
      operationId: 'createConnectionTicket',
      summary: 'Get a ticket that opens one connection for what happens live',
      tags: ['realtime'],
      access: 'user',
      rateLimit: 'ticket',
      bodyLimitBytes: 1024,
      statementsMax: 1,
      degradation: 'full',
      errors: ['server.shutting_down'],
      schema: { response: { 200: ticketShape } },
      handler: async ({ raw }) => {
        if (isGoingAway()) throw new AppError('server.shutting_down', { retryAfterSeconds: 1 });
        const { userId, sessionId } = requireReader(raw);
        const ticket = await tickets.issue({ userId, sessionId });
        return { ticket, expiresInSeconds: socketLimits.ticketSeconds, path: eventsPath, protocol: subprotocol };
      },
    }),
  ];
}
