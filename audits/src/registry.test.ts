import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporaryRepository } from '../test/temporary-repository.ts';
import { groupOf } from './words.ts';
import { readPage } from './pages.ts';
import { checksFolder, listCheckIds, loadChecks, UnknownSelection } from './registry.ts';

async function paths(pattern: string, cwd: string): Promise<string[]> {
  return (await Array.fromAsync(glob(pattern, { cwd }))).toSorted();
}

test('every file under checks is a check whose id is its path', async () => {
  const ids = await listCheckIds();
  expect(ids.length).toBeGreaterThan(20);
  expect((await loadChecks()).map((check) => check.id)).toEqual(ids);
});

test('every check has a page with the four parts and a runnable command, and every page has a check', async () => {
  const ids = await listCheckIds();
  const pages = (await paths('*/*.md', join(import.meta.dirname, '../../runbooks/checks'))).map((path) => path.slice(0, -'.md'.length));
  expect(pages).toEqual(ids);
  for (const id of ids) {
    const page = (await readPage(id)) ?? '';
    const parts = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect({ id, title: page.split('\n')[0], parts }).toEqual({
      id,
      title: `# ${id}`,
      parts: ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'],
    });
    expect(page, id).toContain(`sanctum-ops audit ${id}`);
  }
});

test('every check has a test, and every test a check', async () => {
  const tests = (await paths('*/*.test.ts', checksFolder)).map((path) => path.replace(/(\.integration)?\.test\.ts$/, ''));
  expect([...new Set(tests)]).toEqual(await listCheckIds());
});

test('requirements that checks name are written as the requirements are', async () => {
  for (const check of await loadChecks()) {
    expect(check.requirements.length, check.id).toBeGreaterThan(0);
    for (const id of check.requirements) expect(id).toMatch(/^[A-Z]+-\d\d$/);
  }
});

test('groups and ids select, and quick leaves out the slow ones', async () => {
  const waivers = await loadChecks({ groups: ['waivers'] });
  expect(waivers.map((check) => groupOf(check.id))).toEqual(['waivers', 'waivers', 'waivers']);
  const one = await loadChecks({ ids: ['waivers/unused'] });
  expect(one.map((check) => check.id)).toEqual(['waivers/unused']);
  expect((await loadChecks({ quick: true })).every((check) => check.slow !== true)).toBe(true);
});

test('a selection that names nothing is refused with what there is', async () => {
  await expect(loadChecks({ groups: ['postgress'] })).rejects.toThrow(UnknownSelection);
  await expect(loadChecks({ ids: ['postgres/invalid'] })).rejects.toMatchObject({
    kind: 'id',
    given: 'postgres/invalid',
    known: expect.arrayContaining(['postgres/invalid-index']),
  });
});

test('a file that is not a check, or whose id is not its path, is named', async () => {
  await using house = await createTemporaryRepository({
    'planted/elsewhere.ts': `export default { id: 'planted/other', run: async () => ({ examined: 1, findings: [] }) };`,
    'planted/nothing.ts': `export const nothing = 'not a check';`,
  });
  await expect(loadChecks({ ids: ['planted/elsewhere'] }, house.root)).rejects.toThrow(
    /checks\/planted\/elsewhere\.ts declares the id "planted\/other"/,
  );
  await expect(loadChecks({ ids: ['planted/nothing'] }, house.root)).rejects.toThrow(/does not export a check/);
});
