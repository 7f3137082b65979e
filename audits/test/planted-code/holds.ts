/** The proof of one check of code: every planted fault named at its line, every look-alike left alone, and gone when undone. */
import { expect, test } from 'vitest';
import type { Check } from '../../src/check.ts';
import { createTemporaryRepository, runOnRepository } from '../temporary-repository.ts';
import { plantedHouse } from './house.ts';
import { casesOf, type PlantedCode } from './planted.ts';

const timeoutMs = 120_000;

export function holdsOn(check: Check, ...planted: readonly PlantedCode[]): void {
  const cases = planted.flatMap(casesOf);
  const faults = cases.filter(({ line }) => line !== undefined);

  test('planted faults are named at their line, with risk, impact and fix, and are gone when undone', { timeout: timeoutMs }, async () => {
    await using house = await createTemporaryRepository({
      ...plantedHouse(),
      ...Object.fromEntries(faults.map(({ path, text }) => [path, text])),
    });
    const { examined, findings } = await runOnRepository(check, house.repository);
    expect(examined).toBeGreaterThanOrEqual(faults.length);
    const named = findings.map(({ location }) => location);
    expect(faults.filter(({ path, line }) => !named.includes(`${path}:${line}`)).map(({ name }) => name)).toEqual([]);
    for (const { risk, impact, fix, detail, fingerprint } of findings) {
      for (const text of [risk, impact, fix, detail]) expect(text.length).toBeGreaterThan(20);
      expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    }
    for (const { path } of faults) house.write(path, 'export const mended = 1;\n');
    expect((await runOnRepository(check, house.repository)).findings).toEqual([]);
  });

  test('look-alikes are left alone', { timeout: timeoutMs }, async () => {
    const alike = cases.filter(({ line }) => line === undefined);
    expect(alike.length).toBeGreaterThan(1);
    await using house = await createTemporaryRepository({
      ...plantedHouse(),
      ...Object.fromEntries(alike.map(({ path, text }) => [path, text])),
    });
    const { examined, findings } = await runOnRepository(check, house.repository);
    expect(examined).toBeGreaterThanOrEqual(alike.length);
    expect(findings.map(({ location, detail }) => `${location}: ${detail}`)).toEqual([]);
  });
}
