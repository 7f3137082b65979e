/** P26: how long `migrate verify` takes for the files alone, beyond the start of the process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signMigrations } from '@sanctum/migrations/sign';
import { verifyFiles } from '@sanctum/migrations/verify';
import { measured, type Measure, type Suite } from '../lib/measure.ts';

const statement = (index: number) =>
  `-- Table ${index}.\ncreate table table_${index} (\n  id bigint generated always as identity primary key,\n  name text not null\n);\n`;

/** A signed folder of `count` migrations. */
async function generate(count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sanctum-bench-migrations-'));
  mkdirSync(join(folder, 'sql'));
  for (let index = 1; index <= count; index += 1) {
    writeFileSync(join(folder, 'sql', `${String(index).padStart(4, '0')}_table_${index}.sql`), statement(index));
  }
  await signMigrations({ dir: folder });
  return folder;
}

async function measureFolder(count: number, repeats: number, must: number, aim: number): Promise<Measure> {
  const folder = await generate(count);
  try {
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const started = performance.now();
      const result = await verifyFiles(folder);
      times.push(performance.now() - started);
      if (result.findings.length > 0 || result.examined.files !== count)
        throw new Error(`verify looked at ${result.examined.files} of ${count} files`);
    }
    return measured({ id: 'P26', title: `migrate verify, ${count} files`, unit: 'ms', must, aim, better: 'less' }, times);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const migrations: Suite = {
  name: 'migrations',
  run: async ({ pairs }) => [await measureFolder(1000, pairs, 200, 80), await measureFolder(9999, pairs, 1500, 800)],
};
