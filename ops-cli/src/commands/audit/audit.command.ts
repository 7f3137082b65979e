import { needs, reportFormats, severities } from '@sanctum/audits/words';
import { targetOptions, withTarget } from '../../common-options.ts';
import type { CommandDeclaration } from '../../declare.ts';
import { choiceOption, flagOption } from '../../option-values.ts';

export const declareAudit: CommandDeclaration = (program, runner) => {
  withTarget(
    program
      .command('audit')
      .argument('[checks...]', 'groups or ids of checks; all when left out')
      .summary('run some checks, by group or id')
      .description('Runs the named checks (a group like "postgres", an id like "postgres/duplicate-index") and prints what they find.'),
  )
    .option('--needs <target>', `only checks that need nothing but this: ${needs.join(', ')}`)
    .option('--fail-on <severity>', `exit code 1 from this severity on (default: low): ${severities.join(', ')}`)
    .option('-v, --verbose', 'also list the checks that passed')
    .action(
      runner.action(
        reportFormats,
        async () => (await import('./audit.handler.ts')).audit,
        ({ args, options }) => ({
          ...targetOptions(options),
          selection: args,
          needs: choiceOption(options, 'needs', '--needs', needs),
          failOn: choiceOption(options, 'failOn', '--fail-on', severities) ?? 'low',
          verbose: flagOption(options, 'verbose'),
        }),
      ),
    );
};
