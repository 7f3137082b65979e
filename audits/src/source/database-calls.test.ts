import { join } from 'node:path';
import ts from 'typescript-js-api';
import { expect, test } from 'vitest';
import { openRepository } from '../targets/repository.ts';
import { isQuery } from './database-calls.ts';
import { programOf } from './program.ts';
import { collect } from './tree.ts';

test('the calls that ask the database are recognised in our own code, wherever the executor is declared', { timeout: 60_000 }, async () => {
  const program = await programOf(await openRepository(join(import.meta.dirname, '../../..')));
  const repositories = program.files.filter(({ path }) => path.endsWith('.repository.ts'));
  expect(repositories.length).toBeGreaterThan(5);
  const silent = repositories.filter(({ tree }) => !collect(tree, ts.isCallExpression).some((call) => isQuery(call, program)));
  expect(silent.map(({ path }) => path)).toEqual([]);
});
