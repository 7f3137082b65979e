import type { Command } from 'commander';
import { targetOptions, withDatabase } from '../../common-options.ts';
import type { CommandDeclaration, Runner } from '../../declare.ts';
import { choiceOption, flagOption, textOption } from '../../option-values.ts';
import { idArguments, jobStates, limitOption } from './jobs.arguments.ts';

const formats = ['text', 'json'] as const;

export const declareJobs: CommandDeclaration = (program, runner) => {
  const jobs = program
    .command('jobs')
    .summary('list background jobs, retry or discard those that failed')
    .description('The queue of background jobs: what waits, runs, failed, and what used up its attempts.');
  withDatabase(
    'look at (read only)',
    jobs.command('list').description('Lists jobs, dead ones first. Of what a job is told it shows ids and nothing else.'),
  )
    .option('--state <state>', `only ${jobStates.join(', ')}`)
    .option('--name <job>', 'only jobs of this name (docs/jobs.md)')
    .option('--limit <count>', 'at most so many, 50 unless given')
    .action(
      runner.action(
        formats,
        async () => (await import('./jobs.handler.ts')).listJobs,
        ({ options }) => ({
          ...targetOptions(options),
          state: choiceOption(options, 'state', '--state', jobStates),
          name: textOption(options, 'name'),
          limit: limitOption(textOption(options, 'limit')),
        }),
      ),
    );
  declareChange(jobs, runner, 'retry', 'Runs jobs again at once; a dead one gets one more attempt. Cure what made them fail first.');
  declareChange(jobs, runner, 'discard', 'Takes jobs out of the queue for good: what they were to do is not done.');
};

function declareChange(jobs: Command, runner: Runner, verb: 'retry' | 'discard', description: string): void {
  withDatabase('change', jobs.command(verb).argument('[id...]', 'ids, as "jobs list" shows them').description(description))
    .option('--dead', 'all dead jobs instead of ids')
    .option('--name <job>', 'only jobs of this name')
    .option('--dry-run', 'say what would be done, do nothing')
    .option('-y, --yes', 'do not ask')
    .action(
      runner.action(
        formats,
        async () => (await import('./jobs.handler.ts'))[verb === 'retry' ? 'retryJobs' : 'discardJobs'],
        ({ args, options }) => ({
          ...targetOptions(options),
          ids: idArguments(verb, args, flagOption(options, 'dead')),
          name: textOption(options, 'name'),
          dryRun: flagOption(options, 'dryRun'),
          yes: flagOption(options, 'yes'),
        }),
      ),
    );
}
