import { defineSweep } from '../../jobs/define-sweep.ts';
import { sweepRequests } from './friends.queries.ts';

export const sweepFriendRequests = defineSweep({
  name: 'sweep_friend_requests',
  does: 'Removes friend requests after 30 days, accepted by nobody; a declined one no longer holds the next back.',
  cron: '52 * * * *',
  query: sweepRequests,
});
