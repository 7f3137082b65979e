/**
 * An instance whose clock is off, as far as anybody outside can see: a proxy before the real platform that answers with
 * another Date, connected to the database under the name of an instance.
 * Usage: node shifted-instance.ts <port> <platform's address> <milliseconds>; DATABASE_URL in the environment.
 */
import { createServer } from 'node:http';
import pg from 'pg';

const [port = '0', upstream = '', shiftMs = '0'] = process.argv.slice(2);

const client = new pg.Client({
  connectionString: process.env['DATABASE_URL'],
  application_name: `sanctum-platform 0001 :${port}`,
});
await client.connect();

createServer((request, response) => {
  const answer = fetch(new URL(request.url ?? '/', upstream)).then(async (real) => {
    response.writeHead(real.status, {
      'content-type': real.headers.get('content-type') ?? 'text/plain',
      date: new Date(Date.now() + Number(shiftMs)).toUTCString(),
    });
    response.end(await real.text());
  });
  answer.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
}).listen(Number(port), '127.0.0.1');
