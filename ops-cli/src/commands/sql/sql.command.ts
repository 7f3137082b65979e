import type { CommandDeclaration } from '../../declare.ts';
import { targetOptions, withDatabase } from '../../common-options.ts';
import { flagOption } from '../../option-values.ts';

export const declareSql: CommandDeclaration = (program, runner) => {
  withDatabase(
    'look at (read only)',
    program
      .command('sql')
      .argument('<statement>', 'one SQL statement, or "-" to read it from standard input')
      .summary('ask the database, read only; no psql needed')
      .description(
        'Runs one statement and prints its rows: read only, at most 1,000 rows, at most 10 seconds. With --write it runs ' +
          'what you paste, a fix of a finding for example, several statements too, outside of any transaction.',
      ),
  )
    .option('--write', 'let it change something; asks first')
    .option('-y, --yes', 'do not ask')
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./sql.handler.ts')).sql,
        ({ args, options }) => ({
          ...targetOptions(options),
          statement: args[0] ?? '',
          write: flagOption(options, 'write'),
          yes: flagOption(options, 'yes'),
        }),
      ),
    );
};
