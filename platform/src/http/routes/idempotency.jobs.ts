import { defineSweep } from '../../jobs/define-sweep.ts';
import { sweepKeys } from './idempotency.queries.ts';

export const sweepIdempotencyKeys = defineSweep({
  name: 'sweep_idempotency_keys',
  does: 'Forgets the answers to creating requests after a day: a repetition that comes later creates anew.',
  cron: '*/10 * * * *',
  query: sweepKeys,
});
