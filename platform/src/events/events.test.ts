import { expect, test } from 'vitest';
import { waitUntil } from '../../test/harness/wait-until.ts';
import { createEvents, type Delivery, type Subscribers } from './events.ts';

/** Commits at once, and fails when what follows does. */
const atOnce = { afterCommit: (work: () => void | Promise<void>) => void Promise.resolve(work()) };

function create(subscribers: Partial<Subscribers>, timeoutMs = 5000) {
  const deliveries: Delivery[] = [];
  // The events that these tests announce are in their tables.
  const events = createEvents({
    subscribers: subscribers as Subscribers,
    onDelivery: (delivery) => deliveries.push(delivery),
    timeoutMs,
  });
  return { events, deliveries };
}

test('every subscriber of an event is begun before announcing returns, in the order of the table, with what happened', () => {
  const heard: string[] = [];
  const { events } = create({
    postRemoved: {
      first: ({ postId }) => void heard.push(`first ${postId}`),
      second: async ({ postId }) => void heard.push(`second ${postId}`),
    },
    sanctumHidden: { other: () => void heard.push('other') },
  });
  events.announce(atOnce, 'postRemoved', { postId: '7' });
  expect(heard).toEqual(['first 7', 'second 7']);
});

test('nobody hears of what is not committed yet', async () => {
  const heard: string[] = [];
  const committed: (() => void | Promise<void>)[] = [];
  const { events } = create({ postRemoved: { listener: ({ postId }) => void heard.push(postId) } });
  events.announce({ afterCommit: (work) => void committed.push(work) }, 'postRemoved', { postId: '7' });
  expect(heard).toEqual([]);
  expect(committed).toHaveLength(1);
  await committed[0]?.();
  expect(heard).toEqual(['7']);
});

test('a subscriber that throws, at once or later, keeps neither the others nor the announcer back, and is reported by name', async () => {
  const heard: string[] = [];
  const { events, deliveries } = create({
    postRemoved: {
      throwing: () => {
        throw new Error('at once');
      },
      rejecting: () => Promise.reject(new Error('later')),
      sound: ({ postId }) => void heard.push(postId),
    },
  });
  events.announce(atOnce, 'postRemoved', { postId: '7' });
  expect(heard).toEqual(['7']);
  await events.settled();
  const outcomes = deliveries.map(({ event, subscriber, outcome, error }) => [
    event,
    subscriber,
    outcome,
    error === undefined ? '' : String(error),
  ]);
  expect(outcomes.toSorted()).toEqual([
    ['postRemoved', 'rejecting', 'failed', 'Error: later'],
    ['postRemoved', 'sound', 'ok', ''],
    ['postRemoved', 'throwing', 'failed', 'Error: at once'],
  ]);
});

test('a subscriber that never ends is given up after its time and reported, so that the process can end', async () => {
  const { events, deliveries } = create({ postRemoved: { hanging: () => new Promise<void>(() => {}) } }, 20);
  events.announce(atOnce, 'postRemoved', { postId: '7' });
  await events.settled();
  expect(deliveries).toMatchObject([{ subscriber: 'hanging', outcome: 'failed' }]);
  expect(String(deliveries[0]?.error)).toContain('20 ms');
});

test('settled waits for what is under way', async () => {
  const gate = Promise.withResolvers<void>();
  const { events, deliveries } = create({ postRemoved: { slow: () => gate.promise } });
  events.announce(atOnce, 'postRemoved', { postId: '7' });
  let settled = false;
  const ending = events.settled().then(() => {
    settled = true;
  });
  await Promise.resolve();
  expect(settled).toBe(false);
  gate.resolve();
  await ending;
  expect(deliveries).toHaveLength(1);
  await waitUntil('nothing is under way', () => settled);
});
