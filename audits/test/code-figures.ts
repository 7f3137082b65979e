/** Runs every check of code, and the linter, over all planted code at once, and counts. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Check } from '../src/check.ts';
import { loadChecks } from '../src/registry.ts';
import { casesOf, type PlantedCase } from './planted-code/planted.ts';
import { allPlanted } from './planted-code/all.ts';
import { plantedHouse } from './planted-code/house.ts';
import { createTemporaryRepository, runOnRepository } from './temporary-repository.ts';

const root = join(import.meta.dirname, '../..');
const lintRules = ['no-floating-promises', 'no-misused-promises'];

export interface Said {
  readonly by: string;
  readonly path: string;
  readonly line: number;
}

export interface CodeFigures {
  readonly planted: number;
  readonly lookAlikes: number;
  /** `<check>: <case>` of planted faults that their check did not name at their line. */
  readonly missed: readonly string[];
  /** `<check>: <case>` of look-alikes that some check named. */
  readonly falseAlarms: readonly string[];
}

export async function measureCode(): Promise<CodeFigures> {
  const cases = allPlanted.flatMap((code) => casesOf(code).map((one) => ({ ...one, check: code.check })));
  await using house = await createTemporaryRepository({
    ...plantedHouse(),
    ...Object.fromEntries(cases.map((one) => [one.path, one.text])),
  });
  symlinkSync(join(root, 'node_modules'), join(house.root, 'node_modules'));
  const checks = await loadChecks({ groups: ['code'] });
  const said = lint(house.root);
  for (const check of checks.filter((one) => one.needs.every((need) => need === 'repository')))
    said.push(...(await sayings(check, house.repository)));
  const missed = cases.filter((one) => one.line !== undefined && !said.some((what) => isAbout(what, one) && what.by === one.check));
  const alarmed = cases.filter((one) => one.line === undefined && said.some((what) => what.path === one.path));
  return {
    planted: cases.filter((one) => one.line !== undefined).length,
    lookAlikes: cases.filter((one) => one.line === undefined).length,
    missed: missed.map((one) => `${one.check}: ${one.name}`),
    falseAlarms: alarmed.map((one) => {
      const by = said.filter((what) => what.path === one.path).map((what) => `${what.by}:${what.line}`);
      return `${one.check}: ${one.name} (${by.join(', ')})`;
    }),
  };
}

const isAbout = (what: Said, one: PlantedCase) => what.path === one.path && what.line === one.line;

async function sayings(check: Check, repository: Parameters<typeof runOnRepository>[1]): Promise<Said[]> {
  const { findings } = await runOnRepository(check, repository);
  return findings.flatMap(({ location = '' }) => {
    const [path = '', line = ''] = location.split(':');
    return [{ by: check.id, path, line: Number(line) }];
  });
}

const lintOutput = z.object({
  diagnostics: z.array(
    z.object({ code: z.string(), filename: z.string(), labels: z.array(z.object({ span: z.object({ line: z.number() }) })) }),
  ),
});

function lint(folder: string): Said[] {
  for (const name of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(root, name), join(folder, name));
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--type-aware', '--format=json'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const parsed = lintOutput.safeParse(JSON.parse(stdout.slice(stdout.indexOf('{'))));
  if (!parsed.success) throw new Error(`oxlint gave no report: ${stderr}`, { cause: parsed.error });
  return parsed.data.diagnostics.flatMap(({ code, filename, labels }) => {
    const rule = lintRules.find((one) => code.includes(one));
    return rule === undefined ? [] : [{ by: `lint/${rule}`, path: filename, line: labels[0]?.span.line ?? 0 }];
  });
}
