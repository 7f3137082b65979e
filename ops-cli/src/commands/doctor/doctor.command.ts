import { targetOptions, withTarget } from '../../common-options.ts';
import type { CommandDeclaration } from '../../declare.ts';
import { flagOption, textOption } from '../../option-values.ts';

export const declareDoctor: CommandDeclaration = (program, runner) => {
  withTarget(
    program
      .command('doctor')
      .summary('what is broken, where, why, and what to type next')
      .description(
        'Looks once at every part, by probes of its own, and ranks what is wrong now, the likeliest cause first. Changes nothing, unless asked for a cure. Exit code 0 healthy, 1 causes found, 3 could not look.',
      ),
  )
    .option('--wait', 'look again until it is calm, at most 5 minutes')
    .option('--cure <cause>', 'do what cures this cause; it says first what that is')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'say what the cure would do, do nothing')
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./doctor.handler.ts')).doctor,
        ({ options }) => ({
          ...targetOptions(options),
          wait: flagOption(options, 'wait'),
          cure: textOption(options, 'cure'),
          yes: flagOption(options, 'yes'),
          dryRun: flagOption(options, 'dryRun'),
        }),
      ),
    );
};
