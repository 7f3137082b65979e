/**
 * `make bench`: the performance budgets of the design, measured side by side.
 *
 *   node bench/run.ts [suite …] [--pairs 12] [--json FILE]
 *
 * Exit 1 when a budget is missed (its whole interval lies outside), 2 for wrong usage. A noisy measure is said,
 * and is neither green nor red.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Measure } from './lib/measure.ts';
import { renderMeasures } from './lib/render.ts';
import { chat } from './suites/chat.ts';
import { commandLine } from './suites/command-line.ts';
import { feed } from './suites/feed.ts';
import { feedSize } from './suites/feed-size.ts';
import { indexAudit } from './suites/index-audit.ts';
import { migrations } from './suites/migrations.ts';
import { redisAudit } from './suites/redis-audit.ts';
import { serverStart } from './suites/server-start.ts';

const suites = [serverStart, commandLine, migrations, indexAudit, redisAudit, feed, feedSize, chat];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, pairs: { type: 'string', default: '12' } },
});
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}. Suites: ${suites.map((suite) => suite.name).join(', ')}.`);
  process.exit(2);
}
const pairs = Number(values.pairs);
if (!Number.isInteger(pairs) || pairs < 2 || pairs > 100) {
  console.error(`--pairs ${values.pairs}: give a whole number from 2 to 100.`);
  process.exit(2);
}

const chosen = positionals.length === 0 ? suites : suites.filter((suite) => positionals.includes(suite.name));
const measures: Measure[] = [];
for (const suite of chosen) {
  console.error(`${suite.name} …`);
  measures.push(...(await suite.run({ pairs, log: (line) => console.error(`  ${line}`) })));
}

const machine = {
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
};
console.log(renderMeasures(measures));
console.log(`\n${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}`);
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ schema: 'sanctum.bench/1', measuredAt: new Date().toISOString(), machine, measures }, null, 2)}\n`,
  );
}
process.exitCode = measures.some((measure) => measure.outcome === 'missed') ? 1 : 0;
