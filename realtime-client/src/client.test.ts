import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ClientSocket, type ConnectionState, RealtimeClient, type RealtimeClientOptions, type StreamHandler } from './client.ts';
import { socketAddress } from './messages.ts';

/** A connection that the test is the other end of. */
class FakeSocket implements ClientSocket {
  static all: FakeSocket[] = [];
  readyState = 1;
  onmessage: ClientSocket['onmessage'] = null;
  onclose: ClientSocket['onclose'] = null;
  onerror: ClientSocket['onerror'] = null;
  readonly sent: { type: string; streams?: object[] }[] = [];
  readonly address: string;
  readonly protocols: string[];

  constructor(address: string, protocols: string[]) {
    this.address = address;
    this.protocols = protocols;
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as FakeSocket['sent'][number]);
  }
  close(): void {
    this.readyState = 3;
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const stream = { kind: 'conversation', id: '5' } as const;
const welcome = { type: 'welcome', connectionId: 'c', userId: '1', heartbeatSeconds: 30 };
const event = (position: number) => ({ type: 'event', stream, position, event: 'message.sent', at: '', data: {} });
const subscribed = (position: number, recovered = true) => ({ type: 'subscribed', stream, position, recovered });

let states: ConnectionState[] = [];
let signedOut = 0;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  states = [];
  signedOut = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function create(options: Partial<RealtimeClientOptions> = {}): RealtimeClient {
  return new RealtimeClient({
    api: 'https://sanctum.example',
    getTicket: async () => 'dabc',
    onState: (state) => states.push(state),
    onSignedOut: () => {
      signedOut += 1;
    },
    WebSocket: FakeSocket,
    random: () => 0.999_999,
    ...options,
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);

async function opened(client: RealtimeClient): Promise<FakeSocket> {
  client.start();
  await settle();
  const socket = FakeSocket.all.at(-1);
  if (socket === undefined) throw new Error('no connection was opened');
  socket.say(welcome);
  return socket;
}

function handler() {
  const heard: number[] = [];
  const lost = { count: 0, position: 100 };
  const made: StreamHandler = {
    onEvent: ({ position }) => heard.push(position),
    onLost: async () => {
      lost.count += 1;
      return lost.position;
    },
  };
  return { heard, lost, made };
}

const waits = () => states.filter((state) => state.name === 'waiting').map((state) => state.delayMs);

describe('connecting', () => {
  test('asks for a ticket and offers it beside the protocol, at the address of the API', async () => {
    const socket = await opened(create());
    expect(socket.address).toBe('wss://sanctum.example/api/ws/events');
    expect(socket.protocols).toEqual(['sanctum.v1', 'ticket.dabc']);
    expect(states.map(({ name }) => name)).toEqual(['connecting', 'open']);
    expect(socketAddress('http://127.0.0.1:8375')).toBe('ws://127.0.0.1:8375/api/ws/events');
  });

  test('waits up to one second after the first failure, twice as long after each one more, thirty seconds at most', async () => {
    const client = create();
    client.start();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await settle();
      FakeSocket.all.at(-1)?.end(1006);
      await vi.advanceTimersByTimeAsync(waits().at(-1) ?? 0);
    }
    expect(waits()).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('spreads over the whole of that time by chance', async () => {
    const delays: number[] = [];
    for (const chance of [0, 0.25, 0.5, 0.75]) {
      const client = create({ random: () => chance });
      client.start();
      await settle();
      FakeSocket.all.at(-1)?.end(1006);
      delays.push(waits().at(-1) ?? -1);
      client.stop();
    }
    expect(delays).toEqual([0, 250, 500, 750]);
  });

  test('begins to count anew once a connection was open', async () => {
    const client = create();
    client.start();
    for (let failure = 0; failure < 3; failure += 1) {
      await settle();
      FakeSocket.all.at(-1)?.end(1006);
      await vi.advanceTimersByTimeAsync(waits().at(-1) ?? 0);
    }
    await settle();
    FakeSocket.all.at(-1)?.say(welcome);
    FakeSocket.all.at(-1)?.end(1006);
    expect(waits()).toEqual([1000, 2000, 4000, 1000]);
  });

  test('gives up after eight failures in a row where that many are allowed, and begins again when asked to', async () => {
    const client = create({ attemptsMax: 8 });
    client.start();
    for (let failure = 0; failure < 20; failure += 1) {
      await settle();
      FakeSocket.all.at(-1)?.end(1006);
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(FakeSocket.all).toHaveLength(8);
    expect(client.state).toEqual({ name: 'given-up' });
    client.start();
    await settle();
    expect(FakeSocket.all).toHaveLength(9);
  });

  test('comes back when the server said so', async () => {
    const socket = await opened(create());
    socket.say({ type: 'reconnect', afterMs: 4321 });
    socket.end(1012);
    expect(waits()).toEqual([4321]);
    await vi.advanceTimersByTimeAsync(4320);
    expect(FakeSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test.each([
    ['the ticket is refused', async (client: RealtimeClient) => client.start(), { getTicket: async () => null }],
    ['the session ends', async (client: RealtimeClient) => (await opened(client)).end(4401), {}],
  ])('signs out once, and tries nothing more, when %s', async (_name, play, options) => {
    const client = create(options);
    await play(client);
    await settle();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(signedOut).toBe(1);
    expect(client.state).toEqual({ name: 'signed-out' });
    expect(FakeSocket.all.length).toBeLessThanOrEqual(1);
  });

  test('takes no answer to the question for a ticket for a failure, not for a refusal', async () => {
    const client = create({ getTicket: () => Promise.reject(new Error('offline')) });
    client.start();
    await settle();
    expect(signedOut).toBe(0);
    expect(waits()).toEqual([1000]);
  });

  test('does not run in a circle when the server ends it for what it sends', async () => {
    const client = create();
    client.start();
    for (let round = 0; round < 4; round += 1) {
      await settle();
      FakeSocket.all.at(-1)?.say(welcome);
      FakeSocket.all.at(-1)?.end(4400);
      await vi.advanceTimersByTimeAsync(waits().at(-1) ?? 0);
    }
    expect(waits()).toEqual([1000, 2000, 4000, 8000]);
  });

  test('leaves a connection on which nothing is heard any more, after asking', async () => {
    const socket = await opened(create());
    await vi.advanceTimersByTimeAsync(30_000);
    expect(socket.sent.map(({ type }) => type)).toEqual(['ping']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states.at(-1)).toMatchObject({ name: 'waiting' });
  });

  test('stops whole: nothing is tried and no timer is left', async () => {
    const client = create();
    const socket = await opened(client);
    client.stop();
    expect(socket.readyState).toBe(3);
    expect(client.state).toEqual({ name: 'idle' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('following a stream', () => {
  test('asks from its position, hands events on once and in order, and asks anew from where it got to', async () => {
    const client = create();
    const { heard, made } = handler();
    const following = client.follow(stream, 3, made);
    const first = await opened(client);
    expect(first.sent).toEqual([{ type: 'subscribe', streams: [{ ...stream, position: 3 }] }]);
    first.say(subscribed(3));
    for (const position of [4, 5, 5, 4, 6]) first.say(event(position));
    first.say({ type: 'hidden', stream, position: 9 });
    first.say(event(10));
    expect(heard).toEqual([4, 5, 6, 10]);
    expect(following.position).toBe(10);
    first.end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    const second = FakeSocket.all.at(-1);
    second?.say(welcome);
    expect(second?.sent).toEqual([{ type: 'subscribe', streams: [{ ...stream, position: 10 }] }]);
  });

  test('asks again from where it got to when an event comes behind a gap', async () => {
    const client = create();
    const { heard, made } = handler();
    client.follow(stream, 1, made);
    const socket = await opened(client);
    socket.say(subscribed(1));
    socket.say(event(4));
    expect(socket.sent.at(-1)).toEqual({ type: 'subscribe', streams: [{ ...stream, position: 1 }] });
    socket.say(subscribed(1));
    for (const position of [2, 3, 4]) socket.say(event(position));
    expect(heard).toEqual([2, 3, 4]);
  });

  test.each([
    ['nothing is recovered', (socket: FakeSocket) => socket.say(subscribed(50, false))],
    [
      'the server resets it',
      (socket: FakeSocket) => {
        socket.say(subscribed(1));
        socket.say({ type: 'reset', stream, position: 50 });
      },
    ],
  ])('reads the place anew and goes on from the position of what it read when %s', async (_name, play) => {
    const client = create();
    const { heard, lost, made } = handler();
    client.follow(stream, 1, made);
    const socket = await opened(client);
    play(socket);
    socket.say(event(51));
    await settle();
    expect(lost.count).toBe(1);
    expect(socket.sent.at(-1)).toEqual({ type: 'subscribe', streams: [{ ...stream, position: 100 }] });
    socket.say(subscribed(100));
    socket.say(event(101));
    expect(heard).toEqual([101]);
  });

  test('ends when the server says so, and is not asked for again', async () => {
    const client = create();
    const ended: string[] = [];
    client.follow(stream, 1, { ...handler().made, onEnded: (why) => ended.push(why) });
    const socket = await opened(client);
    socket.say(subscribed(1));
    socket.say({ type: 'ended', stream });
    socket.say(event(2));
    socket.end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    FakeSocket.all.at(-1)?.say(welcome);
    expect(ended).toEqual(['ended']);
    expect(FakeSocket.all.at(-1)?.sent).toEqual([]);
  });

  test('is asked for again after a moment when it could not be looked up', async () => {
    const client = create();
    client.follow(stream, 1, handler().made);
    const socket = await opened(client);
    socket.say({ type: 'refused', stream, code: 'unavailable' });
    await vi.advanceTimersByTimeAsync(5000);
    expect(socket.sent).toHaveLength(2);
  });
});
