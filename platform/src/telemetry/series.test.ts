/** Held to prom-client's own counter and histogram: the same writes give the same page. */
import { Counter, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createCounter, createHistogram } from './series.ts';

const buckets = [0.01, 0.1, 1];

test('a histogram gives the page that prom-client gives, values on a bound and above all bounds included', async () => {
  const [theirs, ours] = [new Registry(), new Registry()];
  const theirHistogram = new Histogram({ name: 'x_seconds', help: 'X.', labelNames: ['route', 'status'], buckets, registers: [theirs] });
  const ourHistogram = createHistogram(ours, { name: 'x_seconds', help: 'X.', labelNames: ['route', 'status'], buckets });
  const routes = ['/a', '/b "quoted" \\ \n', ''];
  for (const route of routes)
    for (const status of ['2xx', '5xx'])
      for (const value of [0, 0.01, 0.05, 0.1, 1, 7]) {
        theirHistogram.observe({ route, status }, value);
        ourHistogram.observe({ status, route }, value);
      }
  const page = await theirs.metrics();
  expect(page).toContain('x_seconds_bucket{le="+Inf",route="/a",status="2xx"} 6');
  expect(await ours.metrics()).toBe(page);
});

test('a value that is not a number does not reach the sum', async () => {
  const registry = new Registry();
  const histogram = createHistogram(registry, { name: 'x_seconds', help: 'X.', labelNames: ['route'], buckets });
  histogram.observe({ route: '/a' }, 0.5);
  histogram.observe({ route: '/a' }, Number.NaN);
  expect(await registry.metrics()).toContain('x_seconds_sum{route="/a"} 0.5\nx_seconds_count{route="/a"} 1');
});

test('a histogram without labels is refused at the start', () => {
  expect(() => createHistogram(new Registry(), { name: 'x_seconds', help: 'X.', labelNames: [], buckets })).toThrow(
    'x_seconds has no label',
  );
});

test('a counter gives the page that prom-client gives, with labels and without', async () => {
  const [theirs, ours] = [new Registry(), new Registry()];
  const theirCounter = new Counter({ name: 'x_total', help: 'X.', labelNames: ['query'], registers: [theirs] });
  const ourCounter = createCounter(ours, { name: 'x_total', help: 'X.', labelNames: ['query'] });
  const theirPlain = new Counter({ name: 'y_total', help: 'Y.', registers: [theirs] });
  const ourPlain = createCounter(ours, { name: 'y_total', help: 'Y.', labelNames: [] });
  expect(await ours.metrics()).toBe(await theirs.metrics());
  for (const query of ['posts.find', 'posts.find', 'feeds.popular_hot']) {
    theirCounter.inc({ query }, 25);
    ourCounter.inc({ query }, 25);
    theirPlain.inc();
    ourPlain.inc();
  }
  const page = await theirs.metrics();
  expect(page).toContain('x_total{query="posts.find"} 50');
  expect(await ours.metrics()).toBe(page);
});
