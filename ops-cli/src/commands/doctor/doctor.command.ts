import { targetOptions, withTarget } from '../../common-options.ts';
import type { CommandDeclaration } from '../../declare.ts';

export const declareDoctor: CommandDeclaration = (program, runner) => {
  withTarget(
    program
      .command('doctor')
      .summary('what is broken, where, why, and what to type next')
      .description(
        'Looks once at every part and ranks what it finds, the likeliest cause first. Needs nothing to work. Exit code 0 healthy, 1 causes found, 3 could not look.',
      ),
  ).action(
    runner.action(
      ['text', 'json'],
      async () => (await import('./doctor.handler.ts')).doctor,
      ({ options }) => targetOptions(options),
    ),
  );
};
