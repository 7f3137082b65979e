import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.ts';
import { repositoryRoot } from './stack/home.ts';

const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
const program = createProgram({ action: () => async () => undefined }, { stdout: sink, stderr: sink });

/** What is wrong with a command line that a fix or a page tells people to type; undefined when it exists. */
function problemOf(line: string): string | undefined {
  let at: Command = program;
  for (const word of line.split(/\s+/).slice(2)) {
    if (word.startsWith('--')) {
      const flag = word.split('=')[0];
      const known = [...at.options, ...program.options].flatMap((option) => [option.long, option.short]);
      if (flag !== '--help' && !known.includes(flag)) return `${at.name()} has no ${flag}`;
    } else if (at.commands.length > 0) {
      const next = at.commands.find((command) => command.name() === word);
      if (next === undefined) return `${at.name()} has no command ${word}`;
      at = next;
    }
  }
  return undefined;
}

function namedIn(text: string): string[] {
  return [...text.matchAll(/npx sanctum-ops(?: (?:--[a-z][a-z-]*|[a-z][a-z/-]*))+/g)].map((match) => match[0]);
}

const sources = ['{audits,migrations,ops-cli,platform}/{src,local,checks}/**/*.ts', 'runbooks/**/*.md', 'docs/**/*.md', '*.md'];

test('every command that a fix or a page tells people to type exists, with its flags', () => {
  const files = globSync(sources, { cwd: repositoryRoot }).filter((file) => !file.endsWith('.test.ts'));
  const named = files.flatMap((file) => namedIn(readFileSync(join(repositoryRoot, file), 'utf8')).map((line) => ({ file, line })));
  expect(named.length).toBeGreaterThan(100);
  expect(named.flatMap(({ file, line }) => (problemOf(line) === undefined ? [] : [`${file}: ${line}: ${problemOf(line)}`]))).toEqual([]);
});

test('a command or a flag that does not exist is named', () => {
  expect(namedIn('Run `npx sanctum-ops migrate dump`.').map(problemOf)).toEqual(['migrate has no command dump']);
  expect(namedIn('npx sanctum-ops up --no-such').map(problemOf)).toEqual(['up has no --no-such']);
  expect(namedIn('npx sanctum-ops migrate sign --cosmetic').map(problemOf)).toEqual([undefined]);
});
