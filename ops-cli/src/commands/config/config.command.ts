import { profiles } from '@sanctum/platform/profiles';
import type { CommandDeclaration } from '../../declare.ts';
import { choiceOption } from '../../option-values.ts';

export const declareConfig: CommandDeclaration = (program, runner) => {
  const config = program
    .command('config')
    .summary('check the settings, or explain one')
    .description("The platform's settings: every environment variable it reads.");
  config
    .command('check')
    .option('--profile <profile>', `check as if for: ${profiles.join(', ')} (default: SANCTUM_PROFILE)`)
    .description(
      'Checks the settings of this environment, or of the running local stack when none are set here; lists every problem at once.',
    )
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./config.handler.ts')).checkConfig,
        ({ options }) => ({ profile: choiceOption(options, 'profile', '--profile', profiles) }),
      ),
    );
  config
    .command('explain')
    .argument('[key]', 'an environment variable, for example ALLOWED_ORIGINS; all when left out')
    .description('Says what a setting means: unit, default per profile, what production refuses, where its value comes from.')
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./config.handler.ts')).explainConfig,
        ({ args }) => ({ key: args[0] }),
      ),
    );
};
