/** How many planted faults the PostgreSQL checks see, and how many look-alikes they take for faults. */
import { beforeAll, expect, test } from 'vitest';
import type { Check } from '../../src/check.ts';
import { loadChecks } from '../../src/registry.ts';
import { plantedDatabase } from '../planted-database.ts';
import { lookAlikes } from './look-alikes.ts';
import { plantedFaults } from './planted-faults.ts';
import { casesOf, type CorpusCase } from './shapes.ts';

const database = plantedDatabase({ empty: true });
const faults = casesOf('fault', plantedFaults);
const harmless = casesOf('fine', lookAlikes);
/** By schema, the checks that named something in it. */
const seen = new Map<string, Set<string>>();

async function plant({ schema, statements }: CorpusCase): Promise<void> {
  await database.sql(`create schema ${schema}`, `set search_path = ${schema}, public`, ...statements);
}

async function lookWith(check: Check): Promise<void> {
  const { findings } = await database.look(check);
  for (const finding of findings) {
    const schema = /\b((?:fault|fine)\d+[abc])\./.exec(`${finding.subject} ${finding.location}`)?.[1] ?? 'nowhere';
    seen.set(schema, (seen.get(schema) ?? new Set()).add(check.id));
  }
}

beforeAll(async () => {
  for (const one of [...faults, ...harmless]) await plant(one);
  const ids = new Set(faults.map(({ check }) => check));
  for (const check of await loadChecks({ groups: ['postgres'] })) if (ids.has(check.id)) await lookWith(check);
  const missed = faults.filter(({ schema, check }) => !seen.get(schema)?.has(check));
  const alarms = harmless.filter(({ schema }) => seen.has(schema));
  console.log(
    [
      `planted faults: ${faults.length - missed.length} of ${faults.length} caught; look-alikes: ${alarms.length} of ${harmless.length} false alarms`,
      ...missed.map(({ check, statements }) => `missed ${check}: ${statements.join('; ')}`),
      ...alarms.map(({ schema, statements }) => `false alarm of ${[...(seen.get(schema) ?? [])].join(', ')}: ${statements.join('; ')}`),
    ].join('\n'),
  );
}, 120_000);

test('the corpus is large enough to say something', () => {
  expect(faults.length).toBeGreaterThanOrEqual(120);
  expect(harmless.length).toBeGreaterThanOrEqual(120);
  expect(seen.has('nowhere')).toBe(false);
});

test('every planted fault is caught by the check that is there for it', () => {
  expect(
    faults.filter(({ schema, check }) => !seen.get(schema)?.has(check)).map(({ check, statements }) => [check, ...statements]),
  ).toEqual([]);
});

test('no look-alike is taken for a fault by any check', () => {
  expect(
    harmless.filter(({ schema }) => seen.has(schema)).map(({ schema, statements }) => [...(seen.get(schema) ?? []), ...statements]),
  ).toEqual([]);
});
