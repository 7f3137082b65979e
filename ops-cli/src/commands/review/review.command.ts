import { reportFormats, severities } from '@sanctum/audits/words';
import { targetOptions, withTarget } from '../../common-options.ts';
import type { CommandDeclaration } from '../../declare.ts';
import { choiceOption, flagOption } from '../../option-values.ts';

export const declareReview: CommandDeclaration = (program, runner) => {
  withTarget(
    program
      .command('review')
      .summary('the production readiness review: GO, CONDITIONAL GO, NO-GO or INCONCLUSIVE')
      .description(
        'Runs every check against the running system and the repository, and judges. Formats: text, json, markdown, junit, sarif.',
      ),
  )
    .option('--quick', 'leave out the checks that take seconds')
    .option('--strict', 'CONDITIONAL GO is exit code 1, too')
    .option('--fail-on <severity>', `exit code 1 when a finding is at least this: ${severities.join(', ')}`)
    .option('-v, --verbose', 'also list the checks that passed')
    .action(
      runner.action(
        reportFormats,
        async () => (await import('./review.handler.ts')).review,
        ({ options }) => ({
          ...targetOptions(options),
          quick: flagOption(options, 'quick'),
          strict: flagOption(options, 'strict'),
          verbose: flagOption(options, 'verbose'),
          failOn: choiceOption(options, 'failOn', '--fail-on', severities),
        }),
      ),
    );
};
