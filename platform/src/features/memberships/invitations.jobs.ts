import { defineSweep } from '../../jobs/define-sweep.ts';
import { sweep } from './invitations.queries.ts';

export const sweepInvitations = defineSweep({
  name: 'sweep_invitations',
  does: 'Removes invitations after 30 days, accepted by nobody; a declined one no longer keeps the next away.',
  cron: '47 * * * *',
  query: sweep,
});
