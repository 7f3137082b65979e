import type { CommandDeclaration } from '../../declare.ts';

export const declareStatus: CommandDeclaration = (program, runner) => {
  program
    .command('status')
    .summary('what runs, where, in which version')
    .description(
      'Says what of the local stack runs: addresses, processes, versions, stores, migrations. Exit code 1 when a part does not run.',
    )
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./status.handler.ts')).status,
        () => ({}),
      ),
    );
};
