import type { CommandDeclaration } from '../../declare.ts';
import { countOption, flagOption, portOption } from '../../option-values.ts';

/** More would take all the connections of the local database. */
const instancesMax = 8;

export const declareUp: CommandDeclaration = (program, runner) => {
  program
    .command('up')
    .summary('start the local stack in the background; safe to repeat')
    .description(
      'Starts PostgreSQL, Redis if there is one, the platform and its web app, in the background. Safe to repeat: what does not run is started.',
    )
    .option('--follow', 'stay, print the logs, and stop everything on Ctrl-C')
    .option('--port <port>', 'port of the web app and the API (default 8375, or PORT)')
    .option('--instances <count>', 'processes of the platform; several stand behind nginx on the port (default: as many as run, else 1)')
    .option('--no-redis', 'use the in-process store even when a redis-server is installed')
    .option('--no-web', 'serve the API alone, without building the web app')
    .option('--no-seed', 'leave the database without demo data')
    .option('--no-review', 'leave out the readiness verdict')
    .option('--dry-run', 'say what would be done, do nothing')
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./up.handler.ts')).up,
        ({ options }) => ({
          follow: flagOption(options, 'follow'),
          port: portOption(options, 'port', '--port'),
          instances: countOption(options, 'instances', '--instances', instancesMax),
          redis: flagOption(options, 'redis'),
          web: flagOption(options, 'web'),
          seed: flagOption(options, 'seed'),
          review: flagOption(options, 'review'),
          dryRun: flagOption(options, 'dryRun'),
        }),
      ),
    );
};
