import { afterEach, describe, expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check, { valuesShown } from './log-shows-values.ts';

const database = plantedDatabase();
const name = () => new URL(database.url).pathname.slice(1);
const role = 'log shows; "values"';

afterEach(async () => {
  await database.sql(`alter database ${name()} reset all`);
});

test('a server that writes no values is examined and is no finding', async () => {
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(0);
  expect(findings).toEqual([]);
});

test('parameters of slow statements of one database are named, and the pasted fix ends it', async () => {
  await database.sql(
    `alter database ${name()} set log_error_verbosity = 'verbose'`,
    `alter database ${name()} set log_parameter_max_length = -1`,
    `alter database ${name()} set log_min_duration_statement = '500ms'`,
  );
  const { findings } = await database.look(check);
  expect(findings.map(({ subject, severity }) => [subject, severity])).toEqual([
    [`parameters of logged statements, every role in database ${name()}`, 'high'],
    [`rows that a constraint refused, every role in database ${name()}`, 'medium'],
  ]);
  for (const { fix } of findings) await database.sql(fix);
  expect((await database.look(check)).findings).toEqual([]);
});

test('a single role with a hostile name is found, and the pasted fix is safe', async () => {
  const quoted = `"${role.replaceAll('"', '""')}"`;
  await database.sql(`create role ${quoted}`);
  try {
    await database.sql(
      `alter role ${quoted} in database ${name()} set log_error_verbosity = 'default'`,
      `alter role ${quoted} in database ${name()} set log_parameter_max_length_on_error = 100`,
    );
    const { findings } = await database.look(check);
    expect(findings.map(({ subject, severity }) => [subject, severity])).toEqual([
      [`parameters of failed statements, role ${role} in database ${name()}`, 'high'],
      [`rows that a constraint refused, role ${role} in database ${name()}`, 'medium'],
    ]);
    for (const { fix } of findings) await database.sql(fix);
    expect((await database.look(check)).findings).toEqual([]);
  } finally {
    await database.sql(`drop role ${quoted}`);
  }
});

describe('settings', () => {
  const defaults = {
    log_error_verbosity: 'default',
    log_parameter_max_length: '-1',
    log_parameter_max_length_on_error: '0',
    log_statement: 'none',
    log_min_duration_statement: '-1',
    log_min_duration_sample: '-1',
    log_statement_sample_rate: '1',
    log_transaction_sample_rate: '0',
  };
  const shown = (changes: Readonly<Record<string, string>>) => valuesShown({ ...defaults, ...changes }).map(({ what }) => what);

  test.each([
    ['slow statements', { log_min_duration_statement: '0' }],
    ['every statement', { log_statement: 'mod' }],
    ['a sample of slow statements', { log_min_duration_sample: '100ms' }],
    ['a sample of transactions', { log_transaction_sample_rate: '0.01' }],
  ])('that log %s show their parameters', (_name, changes) => {
    expect(shown(changes)).toContain('parameters of logged statements');
    expect(shown({ ...changes, log_parameter_max_length: '0' })).not.toContain('parameters of logged statements');
    expect(shown({ ...changes, log_error_verbosity: 'terse' })).toEqual([]);
  });

  test('of a fresh server show rows that a constraint refused, and nothing else', () => {
    expect(shown({})).toEqual(['rows that a constraint refused']);
  });
});
