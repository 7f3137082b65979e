/**
 * The suites for API and browser against three instances behind the proxy, first without Redis, then with it. Tests that hold for one instance alone
 * are named in platform/test/one-instance-only.ts, each with its reason; every other failure is a failure, and so is a name that no test has.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { oneInstanceOnly } from '../platform/test/one-instance-only.ts';

const instances = 3;
const shape = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

interface Outcome {
  readonly passed: number;
  readonly expected: number;
  readonly complaints: readonly string[];
}

function judge(document: z.output<typeof shape>): Outcome {
  const tests = document.testResults.flatMap((file) => file.assertionResults);
  const isExcused = (name: string) => oneInstanceOnly.some(({ test }) => name.includes(test));
  const failed = tests.filter(({ status }) => status === 'failed');
  const broken = document.testResults.filter((file) => file.assertionResults.length === 0 && file.status === 'failed');
  const unknown = oneInstanceOnly.filter(({ test }) => !tests.some(({ fullName }) => fullName.includes(test)));
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    expected: failed.filter(({ fullName }) => isExcused(fullName)).length,
    complaints: [
      ...failed.filter(({ fullName }) => !isExcused(fullName)).map(({ fullName }) => `failed: ${fullName}`),
      ...broken.map(({ name, message }) => `could not run: ${name}: ${message ?? 'it says nothing'}`),
      ...unknown.map(({ test }) => `no test is called so any more: ${test}`),
    ],
  };
}

function run(redis: boolean, files: readonly string[]): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'sanctum-test-instances-'));
  try {
    const output = join(folder, 'results.json');
    const env = { ...process.env, SANCTUM_TEST_INSTANCES: String(instances), SANCTUM_TEST_REDIS: redis ? '1' : '0' };
    const flags = ['run', '--project', 'api', '--project', 'browser', '--reporter=dot', '--reporter=json', `--outputFile.json=${output}`];
    spawnSync('vitest', [...flags, ...files], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const outcome = judge(shape.parse(JSON.parse(readFileSync(output, 'utf8'))));
    return files.length === 0 ? outcome : { ...outcome, complaints: outcome.complaints.filter((line) => !line.startsWith('no test')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { positionals } = parseArgs({ allowPositionals: true });
let isGood = true;
for (const redis of [false, true]) {
  const { passed, expected, complaints } = run(redis, positionals);
  process.stdout.write(
    `${instances} instances ${redis ? 'with' : 'without'} Redis: ${passed} passed, ${expected} hold for one instance alone\n`,
  );
  for (const complaint of complaints) process.stdout.write(`FAILED ${complaint}\n`);
  if (passed === 0) process.stdout.write('FAILED nothing passed, so nothing is proven\n');
  isGood &&= passed > 0 && complaints.length === 0;
}
process.exitCode = isGood ? 0 : 1;
