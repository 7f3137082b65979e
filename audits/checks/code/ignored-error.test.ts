import { expect, test } from 'vitest';
import { createTemporaryRepository, runOnRepository } from '../../test/temporary-repository.ts';
import ignoredError from './ignored-error.ts';

const path = 'platform/src/a.ts';

test.each([
  ['an empty catch', 'try {\n  f();\n} catch {}\n', `${path}:3`],
  ['a .catch that does nothing', 'f().catch(() => {});\n', `${path}:1`],
])('%s is named with its line', async (_name, text, location) => {
  await using house = await createTemporaryRepository({ [path]: text });
  const { findings } = await runOnRepository(ignoredError, house.repository);
  expect(findings).toMatchObject([{ location }]);
});

test.each([
  ['a catch that says why', 'try {\n  f();\n} catch {\n  // The file is gone already.\n}\n'],
  ['a catch that rethrows', 'try {\n  f();\n} catch (error) {\n  throw new Error("f", { cause: error });\n}\n'],
  ['a .catch that answers', 'f().catch(() => undefined);\n'],
])('%s is no finding', async (_name, text) => {
  await using house = await createTemporaryRepository({ [path]: text });
  const result = await runOnRepository(ignoredError, house.repository);
  expect(result).toEqual({ examined: 1, findings: [] });
});
