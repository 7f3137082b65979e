import type { Command } from 'commander';
import type { CommandDeclaration, Runner } from '../../declare.ts';
import { targetOptions, withDatabase } from '../../common-options.ts';
import { choiceOption, flagOption, textOption } from '../../option-values.ts';
import { numberArgument, optionalNumber } from './migrate.arguments.ts';

const formats = ['text', 'json'] as const;
const folderText = 'a folder of migrations elsewhere: ours, Flyway, golang-migrate, dbmate, goose, plain SQL';
const dryRunText = 'say what would be done, do nothing';

export const declareMigrate: CommandDeclaration = (program, runner) => {
  const migrate = program
    .command('migrate')
    .summary('status, verify, lint, plan, up, new, sign, resolve, down')
    .description('The database schema and its migrations.');
  declareReading(migrate, runner);
  declareWriting(migrate, runner);
  declareFiles(migrate, runner);
};

function declareReading(migrate: Command, runner: Runner): void {
  withDatabase(
    'look at (read only)',
    migrate.command('status').description('Which migrations are applied, pending or running in a database.'),
  ).action(
    runner.action(
      formats,
      async () => (await import('./migrate.handler.ts')).migrationStatusCommand,
      ({ options }) => targetOptions(options),
    ),
  );
  withDatabase(
    'look at (read only)',
    migrate
      .command('verify')
      .description('Compares files, signatures and the journal of the database; names every difference. Exit code 1 for findings.'),
  )
    .option('--files-only', 'look at the files and signatures, at no database')
    .option('--dir <folder>', folderText)
    .action(
      runner.action(
        formats,
        async () => (await import('./migrate.handler.ts')).verifyCommand,
        ({ options }) => ({ ...targetOptions(options), filesOnly: flagOption(options, 'filesOnly'), dir: textOption(options, 'dir') }),
      ),
    );
  withDatabase(
    'look at (read only)',
    migrate.command('plan').description('What "migrate up" would run, statement by statement, with the locks each one takes.'),
  ).action(
    runner.action(
      formats,
      async () => (await import('./migrate.handler.ts')).planCommand,
      ({ options }) => targetOptions(options),
    ),
  );
  withDatabase(
    'ask about tables (read only)',
    migrate
      .command('lint')
      .argument('[paths...]', 'migration files, by name or path, or a folder of them; all of ours when left out')
      .description('Finds what is unsafe under load: locks, rewrites, destruction. Knows what earlier files say of a table.'),
  )
    .option('--dir <folder>', folderText)
    .option('--schema <dump>', 'the schema before these files, as pg_dump --schema-only writes it')
    .action(
      runner.action(
        formats,
        async () => (await import('./migrate-files.handler.ts')).lintCommand,
        ({ args, options }) => ({
          ...targetOptions(options),
          paths: args,
          dir: textOption(options, 'dir'),
          schema: textOption(options, 'schema'),
        }),
      ),
    );
}

function declareWriting(migrate: Command, runner: Runner): void {
  withDatabase(
    'change',
    migrate.command('up').description('Applies every pending migration, in order, under a lock. Safe to repeat and to interrupt.'),
  )
    .option('--dry-run', dryRunText)
    .option('--until <number>', 'stop after this migration')
    .option('--break-instances', 'apply what breaks instances that are alive: for a planned outage')
    .option('-y, --yes', 'do not ask before a database that is not the local stack')
    .action(
      runner.action(
        formats,
        async () => (await import('./migrate.handler.ts')).upCommand,
        ({ options }) => ({
          ...targetOptions(options),
          dryRun: flagOption(options, 'dryRun'),
          until: optionalNumber(textOption(options, 'until')),
          breakInstances: flagOption(options, 'breakInstances'),
          yes: flagOption(options, 'yes'),
        }),
      ),
    );
  withDatabase(
    'change',
    migrate
      .command('resolve')
      .argument('<number>', 'of the half-applied migration')
      .description('Settles a half-applied migration that only a person can judge.'),
  )
    .requiredOption('--as <state>', 'what you found: applied, not-applied')
    .option('--dry-run', dryRunText)
    .option('-y, --yes', 'do not ask')
    .action(
      runner.action(
        formats,
        async () => (await import('./migrate.handler.ts')).resolveCommand,
        ({ args, options }) => ({
          ...targetOptions(options),
          number: numberArgument(args[0]),
          as: choiceOption(options, 'as', '--as', ['applied', 'not-applied'] as const) ?? 'not-applied',
          dryRun: flagOption(options, 'dryRun'),
          yes: flagOption(options, 'yes'),
        }),
      ),
    );
  withDatabase(
    'change',
    migrate
      .command('down')
      .argument('<number>', 'the latest applied migration')
      .description('Undoes the latest migration with its .down.sql: for rehearsals on a copy.'),
  )
    .option('--dry-run', dryRunText)
    .option('-y, --yes', 'do not ask')
    .action(
      runner.action(
        formats,
        async () => (await import('./migrate.handler.ts')).downCommand,
        ({ args, options }) => ({
          ...targetOptions(options),
          number: numberArgument(args[0]),
          dryRun: flagOption(options, 'dryRun'),
          yes: flagOption(options, 'yes'),
        }),
      ),
    );
}

function declareFiles(migrate: Command, runner: Runner): void {
  migrate
    .command('new')
    .argument('<name...>', 'what it does, for example: add post pins')
    .option('--dry-run', dryRunText)
    .description('Creates the next numbered migration file.')
    .action(
      runner.action(
        formats,
        async () => (await import('./migrate-files.handler.ts')).newCommand,
        ({ args, options }) => ({ name: args.join(' '), dryRun: flagOption(options, 'dryRun') }),
      ),
    );
  withDatabase(
    'look at (read only)',
    migrate.command('sign').description('Signs new migration files; refuses to sign one again that is applied somewhere.'),
  )
    .option('--cosmetic', 'accept changed comments and white space in signed files')
    .option('--dir <folder>', folderText)
    .option('--dry-run', dryRunText)
    .action(
      runner.action(
        formats,
        async () => (await import('./migrate-files.handler.ts')).signCommand,
        ({ options }) => ({
          ...targetOptions(options),
          cosmetic: flagOption(options, 'cosmetic'),
          dir: textOption(options, 'dir'),
          dryRun: flagOption(options, 'dryRun'),
        }),
      ),
    );
}
