/** A crowd that asks one route without end, more at a time than the platform lets wait. Usage: node crowd.ts <url> <at a time> */
import { Agent, get } from 'node:http';

const [url = '', atATime = '1'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(atATime) });
let sent = 0;

function ask(): void {
  sent += 1;
  // Another page each time: what the platform holds in memory would answer without the database.
  get(`${url}?q=crowd${sent}`, { agent }, (response) => {
    response.resume();
    response.once('end', ask);
  }).once('error', ask);
}

for (let member = 0; member < Number(atATime); member += 1) ask();
