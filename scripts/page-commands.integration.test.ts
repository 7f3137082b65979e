/** Every command of every page is executed (RUN-02): what only looks, here on a healthy stack; what changes something, where it is named. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyCheckout, git } from '../drills/lib/checkout.ts';
import { withStack } from '../drills/lib/stack.ts';
import { blocksOf, faultOf, runBlock, runBlockPatiently, withoutRepeats } from './page-commands.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
});
const pages = listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
const blocks = pages.flatMap((page) => blocksOf(page, read(page)));

/** Commands that change something, or that cannot run inside a test; each with a file that runs it, and the words in which it does. */
const ranElsewhere: Readonly<Record<string, { readonly by: string; readonly words: string }>> = {
  'make test': { by: '.ci/run', words: 'make test' },
};

/** A recipe that writes into the checkout: run in a copy, further down. */
const recipe = 'Add a migration';

const lanes = 2;

const isElsewhere = ({ text }: { readonly text: string }) => ranElsewhere[text] !== undefined;

test('a command that is gone, one that is misused and one that reaches nobody are named with page and line', async () => {
  const page = [
    '# A page',
    '',
    '## Diagnosis',
    '```sh',
    'echo fine',
    'npx sanctum-ops audt',
    'no-such-program',
    'curl -s http://127.0.0.1:1/',
    '```',
  ];
  const [block = []] = blocksOf('a.md', page.join('\n'));
  const ended = await runBlock(block, { cwd: root, env: process.env });
  expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 2, 127, 7]);
  expect(ended.map((command) => faultOf(command)?.split('\n')[0])).toEqual([
    undefined,
    'a.md:6: npx sanctum-ops audt',
    'a.md:7: no-such-program',
    'a.md:8: curl -s http://127.0.0.1:1/',
  ]);
});

test('npx finds the launcher that the pages name', () => {
  const said = execFileSync('npx', ['sanctum-ops', '--version'], { cwd: root, encoding: 'utf8' });
  expect(said).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('what is run elsewhere still stands on a page, and its file runs it', () => {
  for (const [text, { by, words }] of Object.entries(ranElsewhere)) {
    expect(
      blocks.flat().map((command) => command.text),
      text,
    ).toContain(text);
    expect(read(by), `${by} for "${text}"`).toContain(words);
  }
});

test('every command of every page works on a healthy stack', { timeout: 600_000 }, async () => {
  const own = withoutRepeats(
    blocks.filter(([first]) => first?.heading !== recipe).map((block) => block.filter((command) => !isElsewhere(command))),
  );
  expect(own.flat().length).toBeGreaterThan(100);
  // Two lanes of commands on a busy machine may not be what the instance sheds load for.
  await withStack({ flags: ['--no-web'], env: { EVENT_LOOP_DELAY_MAX_MS: '10000' } }, async (stack) => {
    const faults: string[] = [];
    const env = { ...stack.environment, PATH: `${join(root, 'node_modules/.bin')}:${stack.environment['PATH'] ?? ''}` };
    const lane = async (number: number) => {
      for (const block of own.filter((_, index) => index % lanes === number)) {
        const ended = await runBlockPatiently(block, { cwd: root, env });
        faults.push(...ended.map((command) => faultOf(command)).filter((fault) => fault !== undefined));
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
    faults.push(...(await followRecipe(stack.environment)));
    expect(faults.join('\n')).toBe('');
  });
});

/** What CONTRIBUTING.md says about a new migration, in a copy of this checkout, with the statement that its reader writes. */
async function followRecipe(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const [first, ...rest] = blocks.find(([command]) => command?.heading === recipe) ?? [];
  if (first === undefined) return [`no page has a recipe "${recipe}"`];
  const copy = copyCheckout();
  try {
    const options = {
      cwd: copy.root,
      env: { ...environment, PATH: `${join(copy.root, 'node_modules/.bin')}:${environment['PATH'] ?? ''}` },
    };
    const made = await runBlock([first], options);
    const file = git(copy.root, 'ls-files', '--others', 'migrations/sql').trim();
    expect(file).toMatch(/^migrations\/sql\/\d{4}_remember_who_pinned_a_post\.sql$/);
    appendFileSync(join(copy.root, file), 'alter table posts add column pinned_by bigint;\n');
    const ended = [...made, ...(await runBlock(rest, options))];
    expect(git(copy.root, 'diff', '--stat')).toContain('migrations/schema.sql');
    expect(ended.at(-1)?.output).toContain('remember_who_pinned_a_post');
    // Here nothing may find anything: a recipe that ends with a finding does not work.
    return ended.flatMap((command) => (command.exitCode === 0 ? [] : [`${command.page}:${command.line}: ${command.output}`]));
  } finally {
    copy.remove();
  }
}
