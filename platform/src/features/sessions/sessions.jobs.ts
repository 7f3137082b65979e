import { defineSweep } from '../../jobs/define-sweep.ts';
import { sweepExpired } from './sessions.queries.ts';

export const sweepExpiredSessions = defineSweep({
  name: 'sweep_expired_sessions',
  does: 'Removes sessions a week after they ended.',
  cron: '17 * * * *',
  query: sweepExpired,
});
