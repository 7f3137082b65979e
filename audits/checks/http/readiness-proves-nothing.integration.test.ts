import { expect, test } from 'vitest';
import { createInProcessStore } from '../../../platform/src/redis/in-process-store.ts';
import { servedPlatform, type Tamper } from '../../test/served-platform.ts';
import check from './readiness-proves-nothing.ts';

const platform = servedPlatform();
const token = 'Zt8qLr2vZt8qLr2vYw5nKc1mYw5nKc1m';
const closed = servedPlatform({ environment: { OPERATIONS_TOKEN: token } });
const deafStore = { ...createInProcessStore(), publish: async () => undefined };
const deaf = servedPlatform({ store: deafStore });

/** Changes what /ready says, and only that. */
const ready =
  (change: (text: string) => string, status?: number): Tamper =>
  ({ path, text }) =>
    path === '/ready' ? { text: change(text), ...(status === undefined ? {} : { status }) } : undefined;

test('the platform as it is proves its parts, and the database agrees', async () => {
  const { examined, findings } = await platform.look(check);
  expect(examined).toBeGreaterThan(3);
  expect(findings).toEqual([]);
});

test('a store that accepts messages and delivers none is named', async () => {
  const { findings } = await deaf.look(check);
  expect(findings).toMatchObject([{ subject: '/ready: store', severity: 'high' }]);
  expect(findings[0]?.detail).toContain('never received');
});

test.each<[string, Tamper, string]>([
  ['a constant text', ready(() => 'OK'), 'GET /ready'],
  ['a part that is not there', ready((text) => text.replace('"store"', '"cache"')), '/ready: store'],
  [
    'a part that took no time',
    ready((text) => text.replace(/("database":\{"ok":true,"required":true,"durationMs":)[\d.]+/, '$10')),
    '/ready: database',
  ],
  ['a store that nobody asked', ready((text) => text.replace('published and received', 'configured')), '/ready: store'],
  ['503 while every part is fine', ready((text) => text, 503), '/ready: status'],
  ['another migration than the database', ready((text) => text.replace(/at migration \d+/, 'at migration 9999')), '/ready: migrations'],
])('%s is named', async (_name, tamper, subject) => {
  const { findings } = await platform.look(check, { tamper });
  expect(findings.map((finding) => finding.subject)).toContain(subject);
});

test('a required part that fails is critical, and 200 over it is named too', async () => {
  const broken = ready((text) => text.replace('"database":{"ok":true', '"database":{"ok":false'));
  const { findings } = await platform.look(check, { tamper: broken });
  expect(findings.map(({ subject, severity }) => `${subject} ${severity ?? ''}`)).toEqual(['/ready: database critical', '/ready: status ']);
});

test('a schema that moved under the platform is named by the platform itself', async () => {
  const { client } = platform.app;
  await client.query(`create table kept as select * from schema_migrations where number = (select max(number) from schema_migrations)`);
  await client.query(`delete from schema_migrations where number = (select max(number) from schema_migrations)`);
  expect((await platform.look(check)).findings).toMatchObject([{ subject: '/ready: migrations', severity: 'critical' }]);
  await client.query('insert into schema_migrations select * from kept');
  await client.query('drop table kept');
  expect((await platform.look(check)).findings).toEqual([]);
});

test('/health that says what /ready says is named', async () => {
  let said = '';
  const { findings } = await platform.look(check, {
    tamper: ({ path, text }) => {
      if (path === '/ready') said = text;
      return path === '/health' ? { text: said } : undefined;
    },
  });
  expect(findings).toMatchObject([{ subject: 'GET /health', severity: 'medium' }]);
});

test('a platform that shows the parts of /ready only to operators is examined with the token, and not called broken without it', async () => {
  const { examined, findings } = await closed.lookWith(check, token);
  expect(examined).toBeGreaterThan(1);
  expect(findings).toEqual([]);
  for (const wrong of [undefined, `${token}x`]) {
    const refused: unknown = await closed.lookWith(check, wrong).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'CouldNotLook', fix: expect.stringContaining('OPERATIONS_TOKEN') });
  }
});
