import type { CommandDeclaration } from '../../declare.ts';
import { flagOption } from '../../option-values.ts';

export const declareDown: CommandDeclaration = (program, runner) => {
  program
    .command('down')
    .summary('stop the local stack; the data stays')
    .description(
      'Stops the platform (every instance drains first), the proxy if there is one, Redis and PostgreSQL, in that order. The data stays. Safe to repeat.',
    )
    .option('--dry-run', 'say what would be stopped, stop nothing')
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./down.handler.ts')).down,
        ({ options }) => ({ dryRun: flagOption(options, 'dryRun') }),
      ),
    );
};
