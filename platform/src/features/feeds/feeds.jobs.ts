import { defineSweep } from '../../jobs/define-sweep.ts';
import { sweepRankChanges } from './feeds.queries.ts';

export const sweepPostRankChanges = defineSweep({
  name: 'sweep_post_rank_changes',
  does: 'Removes rank changes older than an hour, which no walk over a feed asks for any longer.',
  cron: '*/5 * * * *',
  query: sweepRankChanges,
});
