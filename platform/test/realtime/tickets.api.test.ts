/** Who gets a connection: fresh tickets, each once, to people whose session holds, within the limits. */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInProcessStore } from '../../src/redis/in-process-store.ts';
import { createRedisStore } from '../../src/redis/redis-store.ts';
import { createTickets } from '../../src/sockets/tickets.ts';
import { startTestRedis, type TestRedis } from '../harness/redis-server.ts';
import { openSocket, ticketOf, type TestSocket } from '../harness/socket-client.ts';
import { createTestApp, type SignedUpUser, type TestApp } from '../harness/test-app.ts';
import { requireTool } from '../harness/tools.ts';
import { waitUntil } from '../harness/wait-until.ts';

let app: TestApp;
let base: string;
let redis: TestRedis;
let reader: SignedUpUser;
let opened: TestSocket[] = [];

beforeAll(async () => {
  redis = await startTestRedis(requireTool('redis-server') ?? '');
  app = await createTestApp({
    environment: { RATE_LIMIT_FACTOR: '1000', PUBLIC_ORIGIN: 'http://sanctum.example', ALLOWED_HOSTS: '127.0.0.1,localhost' },
  });
  base = await app.listen();
  reader = await app.signUp();
});
afterEach(async () => {
  for (const socket of opened) await socket.close();
  opened = [];
});
afterAll(async () => {
  await app.close();
  await redis.close();
});

/** What the server answers to an upgrade: 101 when it becomes a connection, which is then ended. */
function upgrade(headers: Readonly<Record<string, string>>, path = '/api/ws/events'): Promise<{ status: number; code: string }> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const asked = request({
      hostname,
      port,
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16, 7).toString('base64'),
        ...headers,
      },
    });
    asked.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, code: '' });
    });
    asked.on('response', (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        const type = (JSON.parse(body) as { type?: string }).type ?? '';
        resolve({ status: response.statusCode ?? 0, code: type.slice(type.indexOf('#') + 1) });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const offering = (ticket: string) => ({ 'sec-websocket-protocol': `sanctum.v1, ticket.${ticket}` });

async function open(user = reader): Promise<TestSocket> {
  const socket = await openSocket(base, await ticketOf(app, user.headers));
  opened.push(socket);
  return socket;
}

describe('a ticket', () => {
  it('is for those who are signed in', async () => {
    expect((await app.app.inject({ method: 'POST', url: '/api/ws/ticket' })).statusCode).toBe(401);
  });

  it('opens one connection, of the person it was given to', async () => {
    const ticket = await ticketOf(app, reader.headers);
    const socket = await openSocket(base, ticket);
    opened.push(socket);
    expect(socket.heard[0]).toMatchObject({ type: 'welcome', userId: reader.user.id });
    expect(socket.socket.protocol).toBe('sanctum.v1');
    expect(await upgrade(offering(ticket))).toEqual({ status: 401, code: 'socket.ticket_refused' });
  });

  it.each([
    ['no ticket', {}, 'socket.ticket_required'],
    ['a ticket without the protocol', { 'sec-websocket-protocol': `ticket.d${'a'.repeat(32)}` }, 'socket.ticket_required'],
    [
      'two tickets',
      { 'sec-websocket-protocol': `sanctum.v1, ticket.d${'a'.repeat(32)}, ticket.d${'b'.repeat(32)}` },
      'socket.ticket_required',
    ],
    ['a made-up ticket', offering(`d${'a'.repeat(32)}`), 'socket.ticket_refused'],
    ['a ticket of a store that is not there', offering(`s${'a'.repeat(32)}`), 'socket.ticket_refused'],
    ['something that is no ticket', offering('__proto__'), 'socket.ticket_refused'],
    ['a token of the API instead', { authorization: 'Bearer x' }, 'socket.ticket_required'],
  ])('is needed: %s opens nothing', async (_name, headers, code) => {
    expect(await upgrade(headers)).toEqual({ status: 401, code });
  });

  it('is not taken from the query string, nor is anything else', async () => {
    const ticket = await ticketOf(app, reader.headers);
    for (const query of [`ticket=${ticket}`, 'token=abc', 'access_token=abc', '', 'x'])
      expect(await upgrade(offering(ticket), `/api/ws/events?${query}`)).toEqual({ status: 400, code: 'socket.query_refused' });
    expect((await upgrade(offering(ticket))).status).toBe(101);
  });

  it('is worth nothing after its time', async () => {
    const ticket = await ticketOf(app, reader.headers);
    await app.client.query("update ws_tickets set expires_at = now() - interval '1 second'");
    expect(await upgrade(offering(ticket))).toMatchObject({ code: 'socket.ticket_refused' });
  });

  it('is worth nothing once its session has ended', async () => {
    const user = await app.signUp();
    const ticket = await ticketOf(app, user.headers);
    expect((await app.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: user.headers })).statusCode).toBeLessThan(300);
    expect(await upgrade(offering(ticket))).toMatchObject({ code: 'socket.ticket_refused' });
  });

  it('is kept under a hash of itself', async () => {
    const ticket = await ticketOf(app, reader.headers);
    const { rows } = await app.client.query<{ hash: Buffer; left: number }>(
      'select hash, extract(epoch from expires_at - now())::float8 as left from ws_tickets',
    );
    expect(rows.map(({ hash }) => hash.toString('hex'))).toContain(createHash('sha256').update(ticket).digest('hex'));
    for (const { left } of rows) expect(left).toBeLessThanOrEqual(30);
  });
});

describe('of a thousand that redeem one ticket over two instances exactly one gets it', () => {
  const holder = async () => {
    const { rows } = await app.client.query<{ id: string }>('select id from sessions where user_id = $1 limit 1', [reader.user.id]);
    return { userId: reader.user.id, sessionId: rows[0]?.id ?? '' };
  };

  it.each([
    ['in PostgreSQL', () => createInProcessStore()],
    ['in Redis', () => createRedisStore({ url: redis.url })],
  ] as const)('%s', async (_name, makeStore) => {
    const stores = [makeStore(), makeStore()];
    const instances = stores.map((store) => createTickets({ db: app.db, store }));
    const ticket = (await instances[0]?.issue(await holder())) ?? '';
    const redeem = async (index: number) => instances[index % 2]?.redeem(ticket);
    const answers = await Promise.allSettled(Array.from({ length: 1000 }, (_, index) => redeem(index)));
    const winners = answers.filter((answer) => answer.status === 'fulfilled' && answer.value !== null);
    expect(winners).toHaveLength(1);
    expect(winners[0]).toMatchObject({ value: { userId: reader.user.id } });
    for (const store of stores) await store.close();
  });

  it('and while Redis is away tickets are kept in PostgreSQL, and those in Redis open nothing', async () => {
    const store = createRedisStore({ url: redis.url });
    await store.connected;
    const tickets = createTickets({ db: app.db, store });
    const inRedis = await tickets.issue(await holder());
    await redis.kill();
    const inDatabase = await tickets.issue(await holder());
    expect([inRedis[0], inDatabase[0]]).toEqual(['s', 'd']);
    await expect(tickets.redeem(inRedis)).rejects.toMatchObject({ code: 'server.busy' });
    expect(await tickets.redeem(inDatabase)).toMatchObject({ userId: reader.user.id });
    expect(await tickets.redeem(inDatabase)).toBeNull();
    await redis.start();
    await store.close();
  });
});

describe('the page that a connection comes from', () => {
  it.each([
    ['our own', 'http://sanctum.example', 101],
    ['none, as of a program', undefined, 101],
    ['of another site', 'https://evil.example', 403],
    ['with our name in front of another', 'http://sanctum.example.evil.example', 403],
    ['without an origin, as of a sandboxed frame', 'null', 403],
  ])('%s', async (_name, origin, status) => {
    const ticket = await ticketOf(app, reader.headers);
    expect((await upgrade({ ...offering(ticket), ...(origin === undefined ? {} : { origin }) })).status).toBe(status);
  });

  it('has to have asked for one of our names', async () => {
    expect(await upgrade({ ...offering(await ticketOf(app, reader.headers)), host: 'evil.example' })).toEqual({
      status: 421,
      code: 'request.host_unknown',
    });
  });
});

describe('limits', () => {
  it('lets twelve tabs in, refuses the thirteenth, says so in the log and in a metric, and lets the next in when one leaves', async () => {
    const user = await app.signUp();
    for (let tab = 1; tab <= 12; tab += 1) await open(user);
    expect(await upgrade(offering(await ticketOf(app, user.headers)))).toEqual({ status: 429, code: 'socket.too_many_connections' });
    expect(await app.metrics.scrape()).toContain('sanctum_ws_user_limit_hits_total 1');
    await opened.pop()?.close();
    await waitUntil('the place is free', () => app.app.sockets.counts().connections === 11);
    await open(user);
  });

  it('cannot be passed by coming all at once', async () => {
    const user = await app.signUp();
    const tickets = await Promise.all(Array.from({ length: 30 }, () => ticketOf(app, user.headers)));
    const settled = await Promise.allSettled(tickets.map((ticket) => openSocket(base, ticket)));
    opened = settled.filter((one) => one.status === 'fulfilled').map((one) => one.value);
    expect(opened).toHaveLength(12);
  });
});

describe('a session that ends', () => {
  it('takes its connections with it, on every instance within a second, and leaves those of other sessions', async () => {
    const other = await createTestApp({ database: app.database, environment: { RATE_LIMIT_FACTOR: '1000' } });
    const otherBase = await other.listen();
    try {
      const user = await app.signUp();
      const signedInAgain = await app.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in',
        payload: { name: user.user.username, password: user.password, credentials: 'token' },
      });
      const second = { headers: { authorization: `Bearer ${signedInAgain.json<{ accessToken: string }>().accessToken}` } };
      const sockets = [
        await openSocket(base, await ticketOf(app, user.headers)),
        await openSocket(otherBase, await ticketOf(app, user.headers)),
        await openSocket(otherBase, await ticketOf(other, second.headers)),
      ] as const;
      expect((await app.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: user.headers })).statusCode).toBeLessThan(300);
      expect(await sockets[0].closed()).toMatchObject({ code: 4401 });
      expect(await sockets[1].closed()).toMatchObject({ code: 4401 });
      expect(sockets[2].socket.readyState).toBe(WebSocket.OPEN);
      await app.client.query('update users set suspended_at = now() where id = $1', [user.user.id]);
      expect(await sockets[2].closed()).toMatchObject({ code: 4401 });
    } finally {
      await other.close();
    }
  });
});

describe('going away', () => {
  it('tells everyone when to come back, ends with 1012, and gives out no more tickets', async () => {
    let isShuttingDown = false;
    const leaving = await createTestApp({
      database: app.database,
      isShuttingDown: () => isShuttingDown,
      environment: { RATE_LIMIT_FACTOR: '1000' },
    });
    const leavingBase = await leaving.listen();
    const user = await leaving.signUp();
    const sockets = await Promise.all([1, 2, 3].map(async () => openSocket(leavingBase, await ticketOf(leaving, user.headers))));
    isShuttingDown = true;
    expect((await leaving.app.inject({ method: 'POST', url: '/api/ws/ticket', headers: user.headers })).statusCode).toBe(503);
    await leaving.close();
    for (const socket of sockets) {
      expect(await socket.closed()).toMatchObject({ code: 1012 });
      expect(socket.heard.at(-1)).toMatchObject({ type: 'reconnect', afterMs: expect.any(Number) });
    }
    expect(leaving.app.sockets.counts()).toEqual({ connections: 0, streams: 0, subscriptions: 0, people: 0 });
  });
});

it('an Upgrade to something else is answered as the request that it also is', async () => {
  expect((await upgrade({ upgrade: 'h2c' }, '/health')).status).toBe(200);
  expect((await upgrade({}, '/health')).status).toBe(200);
  expect(await upgrade({}, '/api/ws/other')).toEqual({ status: 404, code: 'request.route_unknown' });
});
