import type { CommandDeclaration } from '../../declare.ts';
import { flagOption } from '../../option-values.ts';

export const declareStatus: CommandDeclaration = (program, runner) => {
  program
    .command('status')
    .summary('what runs, where, in which version')
    .description(
      'Says what of the local stack runs: addresses, processes, versions, stores, migrations. Exit code 1 when a part does not run.',
    )
    .option('--env', 'print DATABASE_URL, REDIS_URL and SANCTUM_URL of the local stack for a shell: eval "$(npx sanctum-ops status --env)"')
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./status.handler.ts')).status,
        ({ options }) => ({ env: flagOption(options, 'env') }),
      ),
    );
};
