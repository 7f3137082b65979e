/** A runner in a process of its own, so that a test can kill it. Usage: node kill-runner.ts <database url> <folder> */
import { applyMigrations } from '../src/apply.ts';

const [, , database, dir] = process.argv;
if (database === undefined || dir === undefined) throw new Error('usage: kill-runner.ts <database url> <folder>');
const result = await applyMigrations({ database, dir, onProgress: (event) => process.stdout.write(`${event.type}\n`) });
process.stdout.write(`done ${result.applied.length}\n`);
