import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../test/harness/test-database.ts';
import { defineQuery } from '../db/query.ts';
import { keyOf, streamKinds, streamOf, type StreamReference } from './stream.ts';
import { emptyNextDay } from './stream-days.ts';
import { createStreams, type Streams } from './streams.ts';
import { appendEvent } from './streams.queries.ts';
import { advanceStream, eventRow, streamPosition, writeEvent, writtenEvent } from './streams.fragments.queries.ts';

let database: TestDatabase;
let streams: Streams;
let published: { key: string; message: string }[];
let next = 1000;

/** What is sent: a line about the event, and the frame. */
function fromMessage(message: string) {
  const [head = '', frame = ''] = message.split('\n');
  const [position, eventClass, type, actorId] = head.split(' ');
  return { position: Number(position), class: eventClass, type, actorId, frame };
}

const conversation = (): StreamReference => ({ kind: 'conversation', id: String((next += 1)) });
const sent = (text: string) => ({ type: 'message.sent', data: { text }, actorId: '7' });

beforeAll(async () => {
  database = await createTestDatabase();
  streams = createStreams({ db: database.db, broker: { publish: (key, message) => void published.push({ key, message }) } });
});
beforeEach(() => {
  published = [];
});
afterAll(() => database.close());

function append(stream: StreamReference, text: string): Promise<number> {
  return database.db.transaction((tx) => streams.append(tx, stream, sent(text)));
}

describe('appending', () => {
  it('counts positions from one, per stream, and reads them back in order', async () => {
    const [one, other] = [conversation(), conversation()];
    expect(await append(one, 'a')).toBe(1);
    expect(await append(one, 'b')).toBe(2);
    expect(await append(other, 'c')).toBe(1);
    const slice = await streams.read(one, 0, 10);
    expect(slice).toMatchObject({ head: 2, recovered: true });
    expect(slice.events.map((event) => [event.position, JSON.parse(event.data)])).toEqual([
      [1, { text: 'a' }],
      [2, { text: 'b' }],
    ]);
    expect(slice.events[0]).toMatchObject({ type: 'message.sent', actorId: '7', class: 'must-deliver', trace: null });
    expect(slice.events[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('publishes after the commit, what readers will see, and nothing after a rollback', async () => {
    const stream = conversation();
    await database.db.transaction(async (tx) => {
      await streams.append(tx, stream, sent('hello'));
      expect(published).toEqual([]);
    });
    expect(published).toHaveLength(1);
    expect(published[0]?.key).toBe(keyOf(stream));
    const event = fromMessage(published[0]?.message ?? '');
    expect(event).toMatchObject({ position: 1, class: 'must-deliver', type: 'message.sent', actorId: '7' });
    expect(JSON.parse(event.frame)).toMatchObject({
      type: 'event',
      stream,
      position: 1,
      event: 'message.sent',
      actorId: '7',
      data: { text: 'hello' },
    });
    const failed = database.db.transaction(async (tx) => {
      await streams.append(tx, stream, sent('never'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(published).toHaveLength(1);
    expect(await streams.head(database.db, stream)).toBe(1);
    expect(await append(stream, 'again')).toBe(2);
  });

  it('gives a hundred writers at once a hundred positions without a gap, and announces nothing before its predecessor can be read', async () => {
    const stream = conversation();
    const positions = await Promise.all(Array.from({ length: 100 }, (_, index) => append(stream, String(index))));
    expect(positions.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    const slice = await streams.read(stream, 0, 200);
    expect(slice.events.map((event) => event.position)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('writes many events of several streams in one statement, in order, and publishes each', async () => {
    const [one, other] = [conversation(), conversation()];
    await append(one, 'before');
    const positions = await database.db.transaction((tx) =>
      streams.appendMany(tx, [
        { stream: one, event: sent('x') },
        { stream: other, event: { type: 'receipt.moved', data: {}, class: 'coalescable' } },
        { stream: one, event: sent('y') },
      ]),
    );
    expect(positions).toEqual([2, 1, 3]);
    expect((await streams.read(one, 1, 10)).events.map((event) => event.data)).toEqual(['{"text":"x"}', '{"text":"y"}']);
    expect((await streams.read(other, 0, 10)).events[0]).toMatchObject({ actorId: null, class: 'coalescable' });
    expect(published.slice(1).map(({ key, message }) => [key, fromMessage(message).position])).toEqual([
      [keyOf(one), 2],
      [keyOf(other), 1],
      [keyOf(one), 3],
    ]);
  });

  it('never deadlocks when many tell the same people in different orders', async () => {
    const people = Array.from({ length: 8 }, conversation);
    let attempts = 0;
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const order = index % 2 === 0 ? people : people.toReversed();
        return database.db.transaction((tx) => {
          attempts += 1;
          return streams.appendMany(
            tx,
            order.map((stream) => ({ stream, event: sent(String(index)) })),
          );
        });
      }),
    );
    for (const stream of people) expect(await streams.head(database.db, stream)).toBe(40);
    // A deadlock would have made one of them begin again.
    expect(attempts).toBe(40);
  });

  it.each([
    ['a type that is no dotted word', { type: 'Message', data: {} }, 'dotted lower case'],
    ['more than 16 KiB', { type: 'message.sent', data: { text: 'x'.repeat(17_000) } }, 'larger than 16384 bytes'],
  ])('refuses %s', async (_name, event, message) => {
    await expect(database.db.transaction((tx) => streams.append(tx, conversation(), event))).rejects.toThrow(message);
  });
});

describe('reading', () => {
  it('answers many questions in one statement, heads alone where nothing more is asked', async () => {
    const [busy, quiet] = [conversation(), conversation()];
    for (const text of ['a', 'b', 'c']) await append(busy, text);
    const slices = await streams.readMany(
      [
        { stream: busy, after: 1 },
        { stream: quiet, after: 0 },
        { stream: busy, after: null },
        { stream: busy, after: 3 },
      ],
      1,
    );
    expect(slices.map(({ head, recovered, events }) => [head, recovered, events.map((event) => event.position)])).toEqual([
      [3, true, [2]],
      [0, true, []],
      [3, true, []],
      [3, true, []],
    ]);
  });

  it('says that a position of the future cannot be recovered from', async () => {
    const stream = conversation();
    await append(stream, 'a');
    expect(await streams.read(stream, 5, 10)).toEqual({ head: 1, recovered: false, events: [] });
  });

  it('says so when events behind the position have been dropped, and goes on from where they are whole', async () => {
    const stream = conversation();
    for (const text of ['a', 'b', 'c']) await append(stream, text);
    await database.client.query('delete from stream_events where kind = $1 and id = $2 and position = 1', [stream.kind, stream.id]);
    expect(await streams.read(stream, 0, 10)).toMatchObject({ head: 3, recovered: false, events: [{ position: 2 }, { position: 3 }] });
    expect(await streams.read(stream, 1, 10)).toMatchObject({ head: 3, recovered: true, events: [{ position: 2 }, { position: 3 }] });
  });

  it('finds the streams that are ahead of what is known of them', async () => {
    const [behind, level, unknown] = [conversation(), conversation(), conversation()];
    await append(behind, 'a');
    await append(behind, 'b');
    await append(level, 'a');
    const known = [
      { stream: behind, position: 1 },
      { stream: level, position: 1 },
      { stream: unknown, position: 0 },
    ];
    expect(await streams.ahead(known)).toEqual([behind]);
  });

  it('goes by the key, whatever else the log holds', async () => {
    const { rows } = await database.client.query(
      `explain (format json) select * from stream_events where kind = 'user' and id = 1 and position > 5 order by position limit 100`,
    );
    const plan = JSON.stringify(rows[0]['QUERY PLAN']);
    expect(plan).toContain('stream_events_0_pkey');
    expect(plan).not.toContain('Seq Scan');
    expect(plan).not.toContain('"Sort"');
  });
});

describe('the head', () => {
  it('is updated in its place: no index is touched', async () => {
    const { kind, id } = conversation();
    // On one connection: only its own statistics can be asked for at once.
    for (let count = 0; count < 50; count += 1)
      await database.client.query(appendEvent.text, [kind, id, 'sample.written', null, false, null, '{}']);
    await database.client.query('select pg_stat_force_next_flush()');
    const { rows } = await database.client.query(
      `select n_tup_upd::integer as updates, n_tup_hot_upd::integer as in_place from pg_stat_user_tables where relname = 'streams'`,
    );
    expect(rows[0].updates).toBeGreaterThanOrEqual(49);
    expect(rows[0].in_place).toBe(rows[0].updates);
  });
});

describe('a row and its event in one statement', () => {
  const send = defineQuery({
    name: 'sample.send',
    access: 'write',
    params: { conversationId: 'bigint', authorId: 'bigint', body: 'text', trace: 'text?' },
    text: `
      with stream as (${advanceStream({
        kind: 'conversation',
        id: '$1::bigint',
        when: 'not exists (select from sample_messages m where m.conversation_id = $1 and m.body = $3)',
      })}),
      message as (
        insert into sample_messages (conversation_id, position, author_id, body)
        select $1, stream.head, $2, $3 from stream
        returning conversation_id, position, author_id, body
      ),
      event as (${writeEvent({
        kind: 'conversation',
        id: '$1::bigint',
        position: 'message.position',
        type: 'message.sent',
        actorId: 'message.author_id',
        trace: '$4::text',
        data: `json_build_object('body', message.body)`,
        from: 'message',
      })})
      select ${writtenEvent('event')}, message.body from message, event`,
    budgetMs: 50,
    usesIndex: [],
    sample: { conversationId: '1', authorId: '1', body: '', trace: null },
    row: eventRow.extend({ body: z.string() }),
  });
  const snapshot = defineQuery({
    name: 'sample.snapshot',
    access: 'read',
    params: { conversationId: 'bigint' },
    text: `select count(*)::integer as messages, ${streamPosition({ kind: 'conversation', id: '$1::bigint' })}::text as position
           from sample_messages where conversation_id = $1`,
    budgetMs: 50,
    usesIndex: [],
    sample: { conversationId: '1' },
    row: z.object({ messages: z.number(), position: z.string() }),
  });

  beforeAll(async () => {
    await database.client.query(
      'create table sample_messages (conversation_id bigint, position bigint, author_id bigint, body text, unique (conversation_id, body))',
    );
  });

  it('stores both, is published, and a repetition advances nothing', async () => {
    const stream = conversation();
    const values = { conversationId: stream.id, authorId: '7', body: 'hello', trace: null };
    const row = await database.db.one(send, values);
    streams.publish(stream, row);
    expect(row).toMatchObject({ body: 'hello', event_position: '1' });
    expect(published).toHaveLength(1);
    expect(await database.db.run(send, values)).toEqual([]);
    expect(await streams.read(stream, 0, 10)).toMatchObject({
      head: 1,
      recovered: true,
      events: [{ position: 1, data: '{"body" : "hello"}' }],
    });
  });

  it('leaves neither when two repetitions meet', async () => {
    const stream = conversation();
    const values = { conversationId: stream.id, authorId: '7', body: 'once', trace: null };
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => database.db.run(send, values)));
    expect(settled.filter((one) => one.status === 'fulfilled' && one.value.length === 1)).toHaveLength(1);
    expect(await streams.read(stream, 0, 10)).toMatchObject({ head: 1, recovered: true, events: [{ position: 1 }] });
  });

  it('gives a snapshot and its position in one statement', async () => {
    const stream = conversation();
    expect(await database.db.one(snapshot, { conversationId: stream.id })).toEqual({ messages: 0, position: '0' });
    await database.db.one(send, { conversationId: stream.id, authorId: '7', body: 'one', trace: null });
    expect(await database.db.one(snapshot, { conversationId: stream.id })).toEqual({ messages: 1, position: '1' });
  });
});

describe('the ring of days', () => {
  const today = Math.floor(Date.now() / 86_400_000);

  async function countOf(day: number): Promise<number> {
    const { rows } = await database.client.query(`select count(*)::integer as count from stream_events_${day % 8}`);
    return rows[0].count;
  }

  it('has a partition for every day there will be', async () => {
    const stream = conversation();
    for (let day = today; day < today + 16; day += 1) {
      await database.client.query(
        `insert into stream_events (kind, id, position, day, type, data) values ($1, $2, $3, $4, 'sample.written', '{}')`,
        [stream.kind, stream.id, day, day % 8],
      );
    }
    expect(await countOf(today + 15)).toBeGreaterThanOrEqual(2);
  });

  it('empties the partition of tomorrow, whole, and no other', async () => {
    expect(await countOf(today + 1)).toBeGreaterThan(0);
    const others = await Promise.all([2, 3, 4, 5, 6, 7, 8].map((ahead) => countOf(today + ahead)));
    expect(await emptyNextDay(database.db)).toBe(true);
    expect(await countOf(today + 1)).toBe(0);
    expect(await Promise.all([2, 3, 4, 5, 6, 7, 8].map((ahead) => countOf(today + ahead)))).toEqual(others);
    expect(await emptyNextDay(database.db)).toBe(false);
  });
});

describe('a key', () => {
  it('names every kind of stream, and nothing else is one', () => {
    for (const kind of streamKinds) expect(streamOf(keyOf({ kind, id: '12' }))).toEqual({ kind, id: '12' });
    for (const key of [
      '',
      'user',
      'user:',
      'user:0',
      'user:-1',
      'user:1x',
      'users:1',
      'user:1:2',
      'constructor:1',
      `user:${'9'.repeat(20)}`,
    ])
      expect(streamOf(key)).toBeUndefined();
  });
});
