/**
 * P30's baseline: the row of a message inserted through the driver, nothing around it. Runs CONCURRENCY loops over CONVERSATIONS for as long as
 * it lives and writes its count of rows to standard output whenever a line comes in.
 */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import pg from 'pg';

const concurrency = Number(process.env['CONCURRENCY'] ?? '16');
const conversations = (process.env['CONVERSATIONS'] ?? '').split(',');
const authors = (process.env['AUTHORS'] ?? '').split(',');
const body = process.env['BODY'] ?? '';
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['POOL_MAX'] ?? '10'),
  options: '-c plan_cache_mode=force_generic_plan',
});
const insert = {
  name: 'bench.insert_message',
  text: `insert into messages (conversation_id, position, author_id, client_id, body) values ($1, $2, $3, $4, $5)
         returning position, created_at, body`,
};
/** Far above what the platform gives: both write the same conversations in turns. */
let position = 1e12 + Date.now() * 1000;
let inserted = 0;
let running = true;

async function loop(first: number): Promise<void> {
  for (let turn = first; running; turn += concurrency) {
    position += 1;
    await pool.query({ ...insert, values: [conversations[turn % conversations.length], position, authors[first], randomUUID(), body] });
    inserted += 1;
  }
}

process.on('SIGTERM', () => {
  running = false;
});
createInterface(process.stdin).on('line', () => console.log(`rows ${inserted}`));
const loops = Array.from({ length: concurrency }, (_, index) => loop(index));
console.log('ready 1');
await Promise.all(loops);
await pool.end();
process.exit(0);
