import { defineSweep } from '../jobs/define-sweep.ts';
import { sweepTickets as query } from './tickets.queries.ts';

export const sweepTickets = defineSweep({
  name: 'sweep_tickets',
  does: 'Removes tickets for connections that nobody used in time.',
  cron: '*/10 * * * *',
  query,
});
