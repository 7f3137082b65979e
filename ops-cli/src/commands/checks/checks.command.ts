import type { CommandDeclaration } from '../../declare.ts';

export const declareChecks: CommandDeclaration = (program, runner) => {
  const checks = program
    .command('checks')
    .summary('list the checks, or explain one')
    .description('What is checked, and what each finding means.');
  checks
    .command('list')
    .argument('[group]', 'only this group')
    .description('Lists every check with its severity, what it needs and the requirements it gives evidence for.')
    .action(
      runner.action(
        ['text', 'json'],
        async () => (await import('./checks.handler.ts')).listChecks,
        ({ args }) => ({ group: args[0] }),
      ),
    );
  checks
    .command('explain')
    .argument('<id>', 'for example postgres/duplicate-index')
    .description('Prints the page of one check: what it means, how to diagnose, how to fix.')
    .action(
      runner.action(
        ['text', 'json', 'markdown'],
        async () => (await import('./checks.handler.ts')).explainCheck,
        ({ args }) => ({ id: args[0] ?? '' }),
      ),
    );
};
