import { Command } from 'commander';
import ownPackage from '../package.json' with { type: 'json' };
import type { Terminal } from './context.ts';
import type { CommandDeclaration, Runner } from './declare.ts';
import { declareAudit } from './commands/audit/audit.command.ts';
import { declareChecks } from './commands/checks/checks.command.ts';
import { declareConfig } from './commands/config/config.command.ts';
import { declareDoctor } from './commands/doctor/doctor.command.ts';
import { declareDown } from './commands/down/down.command.ts';
import { declareJobs } from './commands/jobs/jobs.command.ts';
import { declareMigrate } from './commands/migrate/migrate.command.ts';
import { declareReview } from './commands/review/review.command.ts';
import { declareSql } from './commands/sql/sql.command.ts';
import { declareStatus } from './commands/status/status.command.ts';
import { declareUp } from './commands/up/up.command.ts';

const helpColumns = 100;

const declarations: readonly CommandDeclaration[] = [
  declareUp,
  declareDown,
  declareStatus,
  declareDoctor,
  declareReview,
  declareAudit,
  declareChecks,
  declareMigrate,
  declareJobs,
  declareSql,
  declareConfig,
];

/** The whole command line, declared; nothing of it runs yet. */
export function createProgram(runner: Runner, terminal: Pick<Terminal, 'stdout' | 'stderr'>): Command {
  const program = new Command('sanctum-ops')
    .description('Operations and readiness toolkit of Sanctum.')
    .option('--format <format>', 'how data is printed: text, json, or what the command offers')
    .option('--json', 'short for --format json')
    .option('-q, --quiet', 'no progress on stderr')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('--no-input', 'never ask; a question that needs an answer is an error')
    .version(ownPackage.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ helpWidth: helpColumns, showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      // The message comes back as an exception and is printed where all errors are.
      outputError: () => undefined,
    })
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText('after', helpFooter);
  for (const declare of declarations) declare(program, runner);
  return program;
}

const helpFooter = `
Exit codes:
  0 fine   1 findings, NO-GO or a failed step   2 wrong usage   3 could not look
  70 the tool itself failed   130 interrupted

Targets: flags, then DATABASE_URL, REDIS_URL and SANCTUM_URL, then sanctum-ops.config.json, then the
local stack that "sanctum-ops up" started.`;
