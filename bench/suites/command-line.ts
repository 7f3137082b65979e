/** P25: start of the command line against an empty Node process. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { measured, type Suite } from '../lib/measure.ts';
import { ratios } from '../lib/pairs.ts';
import { median } from '../lib/statistics.ts';

const program = join(import.meta.dirname, '../../ops-cli/bin/sanctum-ops.js');
const startsPerBlock = 5;

function startMs(parameters: readonly string[]): number {
  const times = Array.from({ length: startsPerBlock }, () => {
    const started = performance.now();
    const result = spawnSync(process.execPath, parameters, { stdio: 'ignore' });
    if (result.status !== 0) throw new Error(`node ${parameters.join(' ')} ended with ${result.status}`);
    return performance.now() - started;
  });
  return median(times);
}

async function compare(parameters: readonly string[], pairs: number): Promise<number[]> {
  startMs(parameters); // Fills the compile cache, as the first use on a machine does.
  return ratios({ pairs, subject: async () => startMs(parameters), baseline: async () => startMs(['-e', '0']) });
}

export const commandLine: Suite = {
  name: 'command-line',
  run: async ({ pairs }) => [
    measured(
      { id: 'P25', title: 'sanctum-ops --version ÷ node -e 0', unit: '×', must: 1.3, aim: 1.15, better: 'less' },
      await compare([program, '--version'], pairs),
    ),
    measured(
      { id: 'P25', title: 'sanctum-ops --help ÷ node -e 0', unit: '×', must: 1.6, aim: 1.3, better: 'less' },
      await compare([program, '--help'], pairs),
    ),
  ],
};
