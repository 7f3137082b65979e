/** Baseline B0: node:http answering every request with the same bytes. BODY_BYTES sets how many. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const size = Number(process.env['BODY_BYTES'] ?? '2');
const body = Buffer.alloc(size, 'x');
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': size });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`ready ${(server.address() as AddressInfo).port}`));
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
