/** What the database asks of itself. */
import { z } from 'zod';
import { defineQuery } from './query.ts';

/** Tells every connection that listens. Outside of every user's transaction: a notification makes commits wait for each other. */
export const notify = defineQuery({
  name: 'database.notify',
  access: 'write',
  params: { channel: 'text', payload: 'text' },
  text: `select pg_notify($1, $2)::text as notified`,
  budgetMs: 50,
  usesIndex: [],
  sample: { channel: 'sanctum_sample', payload: '' },
  row: z.object({ notified: z.string() }),
});

/** Cancels what another backend of the same role runs. Over a connection that is open already: nothing has to be set up while the server is busy. */
export const cancelStatement = defineQuery({
  name: 'database.cancel_statement',
  access: 'read',
  params: { pid: 'integer' },
  text: `select pg_cancel_backend($1) as cancelled`,
  budgetMs: 50,
  usesIndex: [],
  sample: { pid: 0 },
  row: z.object({ cancelled: z.boolean() }),
});
