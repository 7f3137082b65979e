import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineQuery } from './query.ts';

const base = { name: 'posts.by_id', access: 'read', budgetMs: 10, usesIndex: [], row: z.object({ id: z.string() }) } as const;

test('the name stands after the first word, where pg_stat_statements keeps it', () => {
  const query = defineQuery({
    ...base,
    params: { post: 'bigint' },
    text: '\n  with p as (select 1)\n  select $1::bigint as id',
    sample: { post: '1' },
  });
  expect(query.text).toMatch(/^with \/\* posts\.by_id \*\/ p as/);
  expect(query.parameterNames).toEqual(['post']);
});

describe('a declaration that does not fit its text is refused at start-up', () => {
  test.each([
    ['a parameter that is not declared', { params: {}, text: 'select $1', sample: {} }, 'uses $1 but declares 0'],
    [
      'a parameter that is not used',
      { params: { post: 'bigint' }, text: 'select 1', sample: { post: '1' } },
      'declares 1 parameters and uses 0',
    ],
  ] as const)('%s', (_name, wrong, message) => {
    expect(() => defineQuery({ ...base, ...wrong } as never)).toThrow(message);
  });

  test('a name that is not feature.snake_case', () => {
    expect(() => defineQuery({ ...base, name: 'PostById', params: {}, text: 'select 1', sample: {} })).toThrow('feature.snake_case');
  });
});
