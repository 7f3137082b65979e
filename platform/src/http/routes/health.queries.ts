/** What readiness asks the database. */
import { z } from 'zod';
import { defineQuery } from '../../db/query.ts';

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
  params: { code_head: 'integer' },
  // Through JSON, because a journal from before migrations said what they break lacks the column.
  text: `select
    coalesce(bool_or(number = $1 and state = 'applied'), false) as is_there,
    coalesce(max(number) filter (where state = 'applied'), 0)::integer as applied,
    coalesce(max(coalesce((to_jsonb(m) ->> 'breaks_before')::integer, number)) filter (where number > $1), 0)::integer as needs
  from schema_migrations m
  where number >= $1`,
  budgetMs: 50,
  usesIndex: ['schema_migrations_pkey'],
  sample: { code_head: 1 },
  row: z.object({ is_there: z.boolean(), applied: z.number().int(), needs: z.number().int() }),
});
