/** What readiness asks the database. */
import { z } from 'zod';
import { defineQuery } from '../db/query.ts';

export const roundTrip = defineQuery({
  name: 'health.round_trip',
  access: 'read',
  params: {},
  text: `select pg_is_in_recovery() as in_recovery`,
  budgetMs: 50,
  usesIndex: [],
  sample: {},
  row: z.object({ in_recovery: z.boolean() }),
});

export const appliedHead = defineQuery({
  name: 'health.applied_head',
  access: 'read',
  params: {},
  text: `select coalesce(max(number), 0)::integer as applied from schema_migrations where state = 'applied'`,
  budgetMs: 50,
  usesIndex: ['schema_migrations_pkey'],
  sample: {},
  row: z.object({ applied: z.number().int() }),
});
