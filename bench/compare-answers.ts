/**
 * Asks this checkout and another one the same and compares the answers byte for byte: what a change was meant to leave as it
 * is. Both run on copies of one database with one secret.
 *
 *   node bench/compare-answers.ts <folder of the other checkout>
 *
 * Exit 1 when an answer differs, 2 for wrong usage.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seedDemo } from '@sanctum/platform/seed';
import pg from 'pg';
import { exchange, normalised } from './answers/exchange.ts';
import { asks } from './answers/requests.ts';
import { startPlatform, startPostgres } from './lib/stack.ts';

const shownCharacters = 3000;
const minuteMs = 60_000;
const neededMs = 40_000;

const [other] = process.argv.slice(2);
if (other === undefined || !existsSync(join(other, 'platform/bin/platform.js'))) {
  console.error('usage: node bench/compare-answers.ts <folder of the other checkout>');
  process.exit(2);
}

const postgres = await startPostgres();
try {
  await seedDemo({ databaseUrl: postgres.url, ownerPassword: 'a long word of the keeper', log: console.error });
  const urls = await copies(postgres.url, ['before', 'after']);
  const settings = { JWT_SECRET: randomBytes(32).toString('base64url'), RATE_LIMIT_FACTOR: '1', JOBS_ENABLED: 'false' };
  await enoughOfAMinute();
  const before = await startPlatform(urls[0] ?? '', settings, resolve(other));
  const after = await startPlatform(urls[1] ?? '', settings);
  try {
    await compare(before.port, after.port);
  } finally {
    await Promise.all([before.stop(), after.stop()]);
  }
} finally {
  await postgres.stop();
}

async function copies(serverUrl: string, names: readonly string[]): Promise<string[]> {
  const source = new URL(serverUrl);
  const admin = new URL(serverUrl);
  admin.pathname = '/template1';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  const urls: string[] = [];
  for (const name of names) {
    await client.query(`create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(source.pathname.slice(1))}`);
    urls.push(Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href);
  }
  await client.end();
  return urls;
}

/** Limits count by the minute of the clock, and their headers say how much is left of it: all is asked within one. */
async function enoughOfAMinute(): Promise<void> {
  const leftMs = minuteMs - (Date.now() % minuteMs);
  if (leftMs < neededMs) await wait(leftMs);
}

/** What the requests of one side are filled with. */
type Kept = Record<string, string>;

function filled(text: string, kept: Kept): string {
  const request = text.replace(/\{(\w+)\}/g, (_, name: string) => kept[name] ?? `(no ${name})`);
  const [head = '', ...body] = request.split('\r\n\r\n');
  const bytes = Buffer.byteLength(body.join('\r\n\r\n'));
  return [head.replace(/^content-length: \d+$/im, `content-length: ${bytes}`), ...body].join('\r\n\r\n');
}

/** Without the spaces between the parts of its JSON, and without its length. */
function compact(answer: string): string {
  const [head = '', ...body] = answer.split('\r\n\r\n');
  if (!/^content-type: application\/json/im.test(head)) return answer;
  return `${head.replace(/^content-length: \d+\r$/im, '')}${JSON.stringify(JSON.parse(body.join('\r\n\r\n') || 'null'))}`;
}

async function compare(beforePort: number, afterPort: number): Promise<void> {
  const startedAt = Date.now();
  const [keptBefore, keptAfter]: [Kept, Kept] = [{}, {}];
  let differences = 0;
  for (const { text, keep = {} } of asks) {
    const one = await exchange(beforePort, filled(text, keptBefore));
    const two = await exchange(afterPort, filled(text, keptAfter));
    for (const [name, pattern] of Object.entries(keep)) {
      keptBefore[name] = pattern.exec(one)?.[1] ?? '';
      keptAfter[name] = pattern.exec(two)?.[1] ?? '';
      if (keptBefore[name] === '')
        throw new Error(`no ${name} in the answer to ${text.split('\r\n', 1)[0]}:\n${one.slice(0, shownCharacters)}`);
    }
    const [expected, found] = [normalised(one, startedAt), normalised(two, startedAt)];
    const status = /^HTTP\/1\.1 (\d+)/.exec(one)?.[1] ?? '(closed)';
    const verdict = expected === found ? 'same' : compact(expected) === compact(found) ? 'spaces' : 'DIFFERENT';
    console.log(`${verdict.padEnd(9)}  ${status}  ${text.split('\r\n', 1)[0]?.slice(0, 100)}`);
    if (verdict === 'same') continue;
    differences += 1;
    if (verdict === 'spaces') continue;
    console.log(`--- before\n${expected.slice(0, shownCharacters)}\n+++ after\n${found.slice(0, shownCharacters)}\n`);
  }
  console.log(`${asks.length} answers compared, ${differences} differ; "spaces": only in spaces between the parts of JSON`);
  process.exitCode = differences === 0 ? 0 : 1;
}
