import { defineJob } from '../../jobs/define-job.ts';
import { defineSweep } from '../../jobs/define-sweep.ts';
import { cause, notifyJob } from './notifications.causes.ts';
import { sweep } from './notifications.queries.ts';
import { tellPeople } from './tell.ts';

export const notify = defineJob({
  ...notifyJob,
  does: 'Tells people of what happened: replies, mentions, likes, invitations, friends, removals. Whom it concerns hears of it when it has run.',
  payload: cause,
  timeoutMs: 20_000,
  handler: (happened, { db, streams, signal }) => tellPeople({ db, streams, signal }, happened),
});

export const sweepNotifications = defineSweep({
  name: 'sweep_notifications',
  does: 'Removes notifications 90 days after something last happened to them.',
  cron: '7 * * * *',
  query: sweep,
});
