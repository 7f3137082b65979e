/** Documents are held to the code: what a page names exists (RUN-04). */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
});
const pages = listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const makefile = read('Makefile');
const targets = new Set([...makefile.matchAll(/^([a-z][a-z-]*):/gm)].map((match) => match[1] ?? ''));

const ownFolders = /^(platform|migrations|audits|ops-cli|runbooks|bench|scripts|docs)\//;

interface Named {
  readonly makeTargets: readonly string[];
  readonly paths: readonly string[];
  readonly commands: readonly string[];
}

/** What a page tells its reader to run or open. Placeholders in <angle brackets> and globs are no names. */
function namedIn(page: string): Named {
  const text = read(page);
  const code = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap((match) => (match[1] ?? '').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim());
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map((match) =>
    join(dirname(page), (match[1] ?? '').split('#')[0] ?? ''),
  );
  const run = [...code, ...blocks];
  const mentioned = code.filter((word) => ownFolders.test(word) && !/[<>*{}…\s]/.test(word));
  return {
    makeTargets: run.flatMap((line) => /^make ((?:[a-z-]+ ?)+)/.exec(line)?.[1]?.trim().split(' ') ?? []),
    paths: [...links, ...mentioned.map((word) => word.split(':')[0] ?? word)],
    commands: run.flatMap((line) => /^(?:npx )?sanctum-ops ((?:[a-z]+ ?)+)/.exec(line)?.[1]?.trim() ?? []),
  };
}

test('there are pages, targets and names to hold together', () => {
  const named = pages.map(namedIn);
  expect(pages.length).toBeGreaterThan(20);
  expect(targets.size).toBeGreaterThan(15);
  expect(named.flatMap((page) => page.paths).length).toBeGreaterThan(20);
  expect(named.flatMap((page) => page.commands).length).toBeGreaterThan(20);
});

test('every target has a line in make help', () => {
  const help = spawnSync('make', ['help'], { cwd: root, encoding: 'utf8' }).stdout;
  for (const target of targets) expect(help, target).toContain(`make ${target} `);
});

describe.each(pages)('%s', (page) => {
  const named = namedIn(page);

  test('names only make targets that exist', () => {
    expect(named.makeTargets.filter((target) => !targets.has(target))).toEqual([]);
  });

  test('names only files that exist', () => {
    expect(named.paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

test('every command that a page tells its reader to run is one', () => {
  const commands = [...new Set(pages.flatMap((page) => namedIn(page).commands))];
  const program = join(root, 'ops-cli/bin/sanctum-ops.js');
  const unknown = commands.filter((command) => {
    const words = command.split(' ');
    // A word after the command may be a value; the command without it counts too.
    const known = [words, words.slice(0, -1)].filter((part) => part.length > 0);
    return !known.some((part) => spawnSync(process.execPath, [program, ...part, '--help'], { encoding: 'utf8' }).status === 0);
  });
  expect(unknown).toEqual([]);
});
