/** A gate that cannot fail is worse than none: each one is run on a planted fault and on the same code without it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A small project with our own gate configuration and the given files. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sanctum-gate-'));
  folders.push(folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const name of ['tsconfig.json', '.oxlintrc.json', '.oxfmtrc.json']) copyFileSync(join(root, name), join(folder, name));
  const base = {
    'package.json': '{ "name": "planted", "type": "module" }\n',
    'knip.json': '{ "entry": ["scripts/main.ts!", "scripts/*.test.ts"], "project": ["scripts/**/*.ts!"] }\n',
  };
  for (const [path, text] of Object.entries({ ...base, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function gate(folder: string, program: string, ...parameters: string[]) {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', program), ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { passed: result.status === 0, output: `${result.stdout}${result.stderr}` };
}

interface Gate {
  readonly name: string;
  readonly run: (folder: string) => { passed: boolean; output: string };
  readonly clean: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, { files: Readonly<Record<string, string>>; says: string }>>;
}

const main = 'scripts/main.ts';
const asyncWork = 'export async function work(): Promise<number> {\n  return 1;\n}\n';

const gates: readonly Gate[] = [
  {
    name: 'typecheck',
    run: (folder) => gate(folder, 'typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'),
    clean: { [main]: 'export const answer: number = 42;\n' },
    faults: {
      'a wrong type': { files: { [main]: "export const answer: number = '42';\n" }, says: 'TS2322' },
      'an enum, which Node cannot strip': { files: { [main]: 'export enum Colour {\n  Red,\n}\n' }, says: 'TS1294' },
      'an unused variable': { files: { [main]: 'export function f(): void {\n  const left = 1;\n}\n' }, says: 'TS6133' },
    },
  },
  {
    name: 'lint',
    run: (folder) => gate(folder, 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
    clean: { [main]: `${asyncWork}await work();\n` },
    faults: {
      'a floating promise': { files: { [main]: `${asyncWork}work();\n` }, says: 'no-floating-promises' },
      'a promise thrown away on purpose': { files: { [main]: `${asyncWork}void work();\n` }, says: 'no-floating-promises' },
      'a then at statement level': { files: { [main]: `${asyncWork}work().then(console.log);\n` }, says: 'no-floating-promises' },
      'promises of a list dropped': { files: { [main]: `${asyncWork}[1].map(work);\n` }, says: 'no-floating-promises' },
      'an async callback where nobody waits': {
        files: { [main]: `${asyncWork}[1].forEach(async () => {\n  await work();\n});\n` },
        says: 'no-misused-promises',
      },
      'an async timer': { files: { [main]: `${asyncWork}setTimeout(work, 1);\n` }, says: 'no-misused-promises' },
      'an empty catch': { files: { [main]: 'try {\n  JSON.parse("");\n} catch {}\n' }, says: 'no-empty' },
      'an any': { files: { [main]: 'export const anything = (value: any): unknown => value;\n' }, says: 'no-explicit-any' },
      'a promise as a condition': { files: { [main]: `${asyncWork}if (work()) console.log(1);\n` }, says: 'no-misused-promises' },
      'a circle of imports': {
        files: {
          [main]: "import { b } from './b.ts';\nexport const a: number = b;\n",
          'scripts/b.ts': "import { a } from './main.ts';\nexport const b: number = a;\n",
        },
        says: 'no-cycle',
      },
      'a circle of types': {
        files: {
          [main]: "import type { B } from './b.ts';\nexport interface A {\n  readonly b: B;\n}\n",
          'scripts/b.ts': "import type { A } from './main.ts';\nexport interface B {\n  readonly a: A;\n}\n",
        },
        says: 'no-cycle',
      },
      'a function of more than 70 lines': {
        files: { [main]: `export function long(): void {\n${'  console.log(1);\n'.repeat(69)}}\n` },
        says: 'max-lines-per-function',
      },
      'a file of more than 250 lines': { files: { [main]: 'console.log(1);\n'.repeat(251) }, says: 'max-lines' },
      'a constant that shouts': { files: { [main]: 'export const LIMIT_MAX = 1;\n' }, says: 'id-match' },
      'a type where an interface serves': {
        files: { [main]: 'export type A = {\n  readonly x: number;\n};\n' },
        says: 'consistent-type-definitions',
      },
    },
  },
  {
    name: 'format-check',
    run: (folder) => gate(folder, 'oxfmt/bin/oxfmt', '--check', 'scripts'),
    clean: { [main]: 'export const answer = 42;\n' },
    faults: { 'a line out of format': { files: { [main]: 'export const answer  =  42\n' }, says: 'main.ts' } },
  },
  {
    name: 'dead-code',
    run: (folder) => {
      const whole = gate(folder, 'knip/bin/knip.js', '--treat-config-hints-as-errors');
      if (!whole.passed) return whole;
      return gate(folder, 'knip/bin/knip.js', '--treat-config-hints-as-errors', '--production', '--strict', '--exclude', 'types');
    },
    clean: {
      [main]: "import { used } from './used.ts';\nconsole.log(used);\n",
      'scripts/used.ts': 'export const used = 1;\n',
      'scripts/used.test.ts': "import { used } from './used.ts';\nconsole.log(used);\n",
    },
    faults: {
      'a file nobody imports': { files: { 'scripts/unused.ts': 'export const lonely = 1;\n' }, says: 'unused.ts' },
      'an export nobody imports': { files: { 'scripts/used.ts': 'export const used = 1;\nexport const lonely = 2;\n' }, says: 'lonely' },
      'an export only a test imports': {
        files: {
          'scripts/used.ts': 'export const used = 1;\nexport const lonely = 2;\n',
          'scripts/used.test.ts': "import { lonely } from './used.ts';\nconsole.log(lonely);\n",
        },
        says: 'lonely',
      },
      'a file only a test imports': {
        files: {
          'scripts/lonely.ts': 'export const lonely = 2;\n',
          'scripts/used.test.ts': "import { lonely } from './lonely.ts';\nconsole.log(lonely);\n",
        },
        says: 'lonely.ts',
      },
      'a dependency nobody imports': {
        files: { 'package.json': '{ "name": "planted", "type": "module", "dependencies": { "zod": "4.6.7" } }\n' },
        says: 'zod',
      },
    },
  },
];

describe.each(gates)('the gate $name', ({ run, clean, faults }) => {
  test('passes on clean code', () => {
    const { passed, output } = run(plant(clean));
    expect(passed, output).toBe(true);
  });

  test.each(Object.entries(faults))('fails on %s and names it', (_name, { files, says }) => {
    const { passed, output } = run(plant({ ...clean, ...files }));
    expect(passed, output).toBe(false);
    expect(output).toContain(says);
  });
});

describe('a gate that has nothing to look at', () => {
  test.each(gates)('is red: $name', ({ run }) => {
    const { passed, output } = run(plant({}));
    expect(passed, output).toBe(false);
  });

  test('is red: the tests', () => {
    const { passed, output } = gate(plant({}), 'vitest/vitest.mjs', 'run');
    expect(passed, output).toBe(false);
    expect(output).toContain('No test files found');
  });
});

test('only tests, and two catalogues that stand in one file each, may be longer than the rest', () => {
  const { overrides } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { overrides: unknown };
  expect(overrides).toEqual([
    { files: ['**/*.test.ts', '**/*.test.tsx', '**/test/**'], rules: { 'max-lines': ['error', 400], 'max-lines-per-function': 'off' } },
    { files: ['platform/src/errors.ts', 'platform/src/config/settings.ts'], rules: { 'max-lines': ['error', 400] } },
  ]);
});
