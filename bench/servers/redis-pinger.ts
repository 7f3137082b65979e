/** P28's witness: a client of Redis that pings without a pause, and says at each line the longest answer since the last one. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

let longestMs = 0;
let running = true;
const socket = connect(Number(process.env['REDIS_PORT']), '127.0.0.1');
socket.setNoDelay(true);
await once(socket, 'connect');

process.on('SIGTERM', () => {
  running = false;
});
createInterface(process.stdin).on('line', () => {
  console.log(`longest ${longestMs}`);
  longestMs = 0;
});
console.log('ready 1');
while (running) {
  const sent = performance.now();
  socket.write('PING\r\n');
  await once(socket, 'data');
  longestMs = Math.max(longestMs, performance.now() - sent);
}
socket.destroy();
process.exit(0);
