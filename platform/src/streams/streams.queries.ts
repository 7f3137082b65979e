/** Statements about streams. The log is told apart from its head: readers of heads never touch events. */
import { z } from 'zod';
import { defineQuery } from '../db/query.ts';
import { advanceStream, eventRow, streamPosition, writeEvent, writtenEvent } from './streams.fragments.queries.ts';

/** One event in one stream. The row of the head stays locked to the end of the transaction: position order is commit order. */
export const appendEvent = defineQuery({
  name: 'streams.append',
  access: 'write',
  params: { kind: 'text', id: 'bigint', type: 'text', actorId: 'bigint?', coalescable: 'boolean', trace: 'text?', data: 'text' },
  text: `
    with advanced as (${advanceStream({ kind: '$1', id: '$2::bigint' })}),
    event as (${writeEvent({
      kind: '$1',
      id: '$2::bigint',
      position: 'advanced.head',
      type: '$3::text',
      actorId: '$4::bigint',
      coalescable: '$5::boolean',
      trace: '$6::text',
      data: '$7::text',
      from: 'advanced',
    })})
    select ${writtenEvent('event')} from event`,
  budgetMs: 20,
  usesIndex: [],
  sample: { kind: 'sanctum', id: '1', type: 'sample.written', actorId: null, coalescable: false, trace: null, data: '{}' },
  row: eventRow,
});

/**
 * Events in several streams, also several in one, in one statement. Heads are locked in the order of their names, so that two
 * transactions that tell the same people never wait for each other. Rows come back in the order in which they were given.
 */
export const appendEvents = defineQuery({
  name: 'streams.append_many',
  access: 'write',
  params: {
    kinds: 'text[]',
    ids: 'bigint[]',
    types: 'text[]',
    actorIds: 'text[]',
    coalescable: 'text[]',
    data: 'text[]',
    trace: 'text?',
  },
  text: `
    with given as (
      select g.*, row_number() over (partition by g.kind, g.id order by g.nth) as step, count(*) over (partition by g.kind, g.id) as steps
      from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
        with ordinality as g (kind, id, type, actor_id, coalescable, data, nth)
    ), advanced as (
      insert into streams as s (kind, id, head)
      select g.kind, g.id, g.steps from given g where g.step = 1 order by g.kind collate "C", g.id
      on conflict (kind, id) do update set head = s.head + excluded.head
      returning s.kind, s.id, s.head
    ), event as (
      insert into stream_events (kind, id, position, type, actor_id, coalescable, trace, data)
      select g.kind, g.id, a.head - g.steps + g.step, g.type, nullif(g.actor_id, '')::bigint, g.coalescable::boolean, $7::text, g.data
      from given g join advanced a on a.kind = g.kind and a.id = g.id
      returning kind, id, position, created_at, type, actor_id, coalescable, trace, data
    )
    select ${writtenEvent('event')}
    from given g
    join advanced a on a.kind = g.kind and a.id = g.id
    join event on event.kind = g.kind and event.id = g.id and event.position = a.head - g.steps + g.step
    order by g.nth`,
  budgetMs: 50,
  usesIndex: [],
  sample: {
    kinds: ['user', 'user'],
    ids: ['1', '1'],
    types: ['sample.written', 'sample.written'],
    actorIds: ['', '1'],
    coalescable: ['false', 'true'],
    data: ['{}', '{}'],
    trace: null,
  },
  row: eventRow,
});

/**
 * For each stream that is asked for: its head, and the events behind a position, at most so many, the first ones or the newest. One statement however many streams and
 * readers; a negative position asks for the head alone. A stream without an event has head 0.
 */
export const readStreams = defineQuery({
  name: 'streams.read',
  // What was committed a moment ago has to be seen: a replica may lag.
  access: 'write',
  kind: 'read',
  params: { kinds: 'text[]', ids: 'bigint[]', afters: 'bigint[]', max: 'integer', newest: 'boolean' },
  text: `
    select g.nth::integer as nth, coalesce(s.head, 0)::text as head, e.*
    from unnest($1::text[], $2::bigint[], $3::bigint[]) with ordinality as g (kind, id, after, nth)
    left join streams s on s.kind = g.kind and s.id = g.id
    left join lateral (
      select ${writtenEvent('events')}
      from stream_events events
      where events.kind = g.kind and events.id = g.id and g.after >= 0
        and events.position > greatest(g.after, case when $5::boolean then s.head - $4 else 0 end)
      order by events.position
      limit $4
    ) e on true
    order by g.nth, e.event_position::bigint`,
  budgetMs: 100,
  usesIndex: ['streams_pkey'],
  sample: { kinds: ['sanctum'], ids: ['1'], afters: ['0'], max: 100, newest: false },
  row: z.object({ nth: z.int(), head: z.string(), event_position: z.string().nullable() }).loose(),
});

export const readHead = defineQuery({
  name: 'streams.read_head',
  access: 'write',
  kind: 'read',
  params: { kind: 'text', id: 'bigint' },
  text: `select (${streamPosition({ kind: '$1', id: '$2::bigint' })})::text as head`,
  budgetMs: 10,
  usesIndex: ['streams_pkey'],
  sample: { kind: 'sanctum', id: '1' },
  row: z.object({ head: z.string() }),
});

/** Of the streams that are given with the position that is known of them: those that are ahead of it. */
export const listStreamsAhead = defineQuery({
  name: 'streams.list_ahead',
  access: 'write',
  kind: 'background',
  params: { kinds: 'text[]', ids: 'bigint[]', known: 'bigint[]' },
  text: `
    select s.kind, s.id::text as id, s.head::text as head
    from unnest($1::text[], $2::bigint[], $3::bigint[]) as g (kind, id, known)
    join streams s on s.kind = g.kind and s.id = g.id
    where s.head > g.known`,
  budgetMs: 500,
  usesIndex: ['streams_pkey'],
  sample: { kinds: ['sanctum'], ids: ['1'], known: ['0'] },
  row: z.object({ kind: z.string(), id: z.string(), head: z.string() }),
});

/** The partition that tomorrow's events fall into, by the database's clock at this moment, and whether it still holds those of a week ago. */
export const findNextDay = defineQuery({
  name: 'streams.find_next_day',
  access: 'write',
  kind: 'background',
  params: {},
  text: `
    select next.day::integer as day, exists (select from stream_events e where e.day = next.day) as filled
    from (select mod(floor(extract(epoch from clock_timestamp()) / 86400)::bigint + 1, 8) as day) as next`,
  budgetMs: 100,
  usesIndex: [],
  sample: {},
  row: z.object({ day: z.int(), filled: z.boolean() }),
});

const emptyDay = (day: number) =>
  defineQuery({
    name: `streams.empty_day_${day}`,
    access: 'write',
    kind: 'background',
    params: {},
    text: `truncate stream_events_${day}`,
    budgetMs: 500,
    usesIndex: [],
    sample: {},
    row: z.never(),
  });
export const emptyDay0 = emptyDay(0);
export const emptyDay1 = emptyDay(1);
export const emptyDay2 = emptyDay(2);
export const emptyDay3 = emptyDay(3);
export const emptyDay4 = emptyDay(4);
export const emptyDay5 = emptyDay(5);
export const emptyDay6 = emptyDay(6);
export const emptyDay7 = emptyDay(7);
