// The process that `startLogKeeper` starts. Looks at the logs until no part of the stack lives.
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { stackHome } from '../src/stack/home.ts';
import { isStackAlive, keepLogs } from '../src/stack/log-keeper.ts';

const lookEveryMs = 1_000;
/** A part that is being started again is away for a moment. */
const looksWithoutStackMax = 15;

process.title = 'sanctum-log-keeper';
const home = stackHome(process.env);
let said = '';
for (let without = 0; without < looksWithoutStackMax && existsSync(home.run); without = isStackAlive(home) ? 0 : without + 1) {
  try {
    keepLogs(home);
  } catch (error) {
    // The next look tries again; the same trouble is said once.
    const trouble = String(error);
    if (trouble !== said) process.stderr.write(`${new Date().toISOString()} ${trouble}\n`);
    said = trouble;
  }
  await delay(lookEveryMs);
}
