import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../test/run-cli.ts';
import { mainHelp } from './main-help.ts';

const home = mkdtempSync(join(tmpdir(), 'sanctum-cli-'));
const env = { SANCTUM_HOME: join(home, 'state') };
afterAll(() => rmSync(home, { recursive: true, force: true }));

const commandsFolder = join(import.meta.dirname, 'commands');
const commands = readdirSync(commandsFolder);

test.each([
  [['stauts'], 'Did you mean status?', 'npx sanctum-ops --help'],
  [['status', '--jsn'], 'Did you mean --json?', 'npx sanctum-ops status --help'],
  [['migrate', 'statu'], 'Did you mean status?', 'npx sanctum-ops migrate --help'],
  [['--quiet', 'migrate', 'up', '--jsn'], 'Did you mean --json?', 'npx sanctum-ops migrate up --help'],
  [['migrate', 'new', '--dry-run', '!!'], 'cannot name a migration', 'migrate new add_post_pins'],
  [['help', 'stauts'], 'Did you mean status?', 'npx sanctum-ops --help'],
  [['checks', 'explain', 'postgres/invalid-indx'], 'did you mean postgres/invalid-index?', 'npx sanctum-ops checks list'],
  [['audit', 'postgre'], 'did you mean postgres?', 'postgres'],
  [['up', '--port', 'abc'], '--port abc is not a port', '--port 8375'],
  [['up', '--port', '70000'], '--port 70000 is not a port', '1 to 65535'],
  [['up', '--port'], 'argument missing', 'npx sanctum-ops up --help'],
  [['status', '--format', 'yaml'], 'no format "yaml"', '--format json'],
  [['checks', 'list', '--json', '--format', 'text'], 'contradict', 'give one of the two'],
  [['review', '--fail-on', 'terrible'], '--fail-on terrible', 'critical, high, medium, low'],
  [['audit', 'postgres/nothing-like-it'], 'no check "postgres/nothing-like-it"', 'npx sanctum-ops checks list'],
  [['audit', 'nogroup'], 'no group of checks "nogroup"', 'npx sanctum-ops checks list'],
  [['checks', 'explain', 'nope'], 'no check "nope"', 'npx sanctum-ops checks list'],
  [['config', 'explain', 'PROT'], 'no setting "PROT"', 'npx sanctum-ops config explain PORT'],
  [['doctor', '--database-url', 'mysql://x'], 'not a URL of postgres', '--database-url postgres://'],
  [['migrate', 'status'], 'no database to look at', 'npx sanctum-ops up'],
  [['migrate', 'resolve', 'twelve', '--as', 'applied'], '"twelve" is not the number', 'migrate resolve 12'],
  [['review', '--target', 'staging'], '--target staging is unknown', '"targets"'],
])('%j is wrong usage: exit code 2 and a fix', async (argv, problem, fix) => {
  const result = await runCli(argv, { env });
  expect(result.code).toBe(2);
  expect(result.stderr).toContain(problem);
  expect(result.stderr).toMatch(/^fix: /m);
  expect(result.stderr).toContain(fix);
  if (!argv.includes('--json')) expect(result.stdout).toBe('');
});

test('a wrong usage with --json is also a JSON document on stdout', async () => {
  const result = await runCli(['config', 'explain', 'PROT', '--json'], { env });
  expect(JSON.parse(result.stdout)).toMatchObject({
    schema: 'sanctum.error/1',
    error: { code: 'USAGE', fix: expect.stringContaining('PORT') },
  });
});

test.each([
  [{ DATABASE_URL: 'localhost:5432' }, 'the variable DATABASE_URL is not a URL of postgres', 'DATABASE_URL=postgres://'],
  [{ REDIS_URL: 'http://hunter2' }, 'the variable REDIS_URL is not a URL of redis', 'REDIS_URL=redis://'],
  [{ SANCTUM_URL: 'hunter2' }, 'the variable SANCTUM_URL is not a URL of http', 'SANCTUM_URL=http://'],
])('%j is a wrong address: exit code 2, whatever looks at it', async (wrong, problem, fix) => {
  for (const argv of [['doctor'], ['migrate', 'status'], ['audit', 'postgres']]) {
    const result = await runCli(argv, { env: { ...env, ...wrong } });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(problem);
    expect(result.stderr).toContain(fix);
    expect(result.stderr).not.toContain('hunter2');
  }
});

test('an unknown flag with --json is also a JSON document on stdout', async () => {
  const result = await runCli(['status', '--jsn', '--json'], { env });
  expect(JSON.parse(result.stdout)).toMatchObject({ schema: 'sanctum.error/1', error: { code: 'USAGE' } });
});

test('help goes as deep as the commands do', async () => {
  const result = await runCli(['help', 'migrate', 'up'], { env });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toContain('Usage: sanctum-ops migrate up');
});

test.each([
  ['migrate', 'plan'],
  ['migrate', 'up', '--yes'],
  ['migrate', 'status'],
  ['migrate', 'verify'],
])('%s %s on a database that does not answer could not look: exit code 3, the reason and its fix once', async (...argv) => {
  const result = await runCli([...argv, '--database-url', 'postgres://127.0.0.1:1/nothing'], { env });
  expect(result.code).toBe(3);
  expect((result.stdout + result.stderr).match(/Could not connect to 127\.0\.0\.1:1/g)).toHaveLength(1);
  expect(result.stdout + result.stderr).toMatch(/fix: /);
  expect(result.stdout).not.toContain('not-looked');
});

test('doctor looks at a Redis elsewhere, too', async () => {
  const result = await runCli(['doctor', '--redis-url', 'redis://127.0.0.1:1', '--json'], { env });
  expect(result.code).toBe(1);
  expect(JSON.parse(result.stdout)).toMatchObject({ causes: [{ id: 'redis-unreachable' }], looked: ['Redis'] });
});

test('doctor says that it could not look at the migrations of a database that does not answer', async () => {
  const result = await runCli(['doctor', '--database-url', 'postgres://127.0.0.1:1/nothing', '--json'], { env });
  expect(JSON.parse(result.stdout)).toMatchObject({
    causes: [{ id: 'database-unreachable' }],
    looked: ['database'],
    couldNotLook: [{ name: 'migrations' }],
  });
});

test('a password in a URL never reaches the message', async () => {
  const result = await runCli(['doctor', '--database-url', 'mysql://me:hunter2@host/x', '--json'], { env });
  expect(result.code).toBe(2);
  expect(result.stdout + result.stderr).not.toContain('hunter2');
});

test('data goes to stdout alone, with the schema and its version first', async () => {
  // Quiet: what takes longer than a second says so on stderr, and on a busy machine this may.
  const result = await runCli(['checks', 'list', '--json', '--quiet'], { env });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  const document = JSON.parse(result.stdout) as { schema: string; checks: unknown[] };
  expect(Object.keys(document)[0]).toBe('schema');
  expect(document.schema).toBe('sanctum.checks/1');
  expect(document.checks.length).toBeGreaterThan(10);
});

test.each(['status', 'doctor'])('%s on a machine that never started Sanctum says so and changes nothing', async (command) => {
  const result = await runCli([command, '--json'], { env });
  expect(result.code).toBe(1);
  const document = JSON.parse(result.stdout) as { schema: string; causes?: { id: string }[]; state?: string };
  expect(document.causes?.[0]?.id ?? document.state).toBe(command === 'doctor' ? 'never-started' : 'stopped');
  expect(existsSync(env.SANCTUM_HOME)).toBe(false);
});

test('down on a machine that never started Sanctum stops nothing and makes nothing', async () => {
  const result = await runCli(['down'], { env });
  expect(result).toMatchObject({ code: 0, stdout: 'nothing was running\n' });
  expect(existsSync(env.SANCTUM_HOME)).toBe(false);
});

test('a dry run of up names its steps and makes nothing', async () => {
  const result = await runCli(['up', '--dry-run', '--json', '--port', '9999'], { env });
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({
    schema: 'sanctum.up-plan/1',
    port: 9999,
    steps: expect.arrayContaining(['PostgreSQL', 'platform']),
  });
  expect(existsSync(env.SANCTUM_HOME)).toBe(false);
});

test('colours appear on a terminal and nowhere else', async () => {
  const escape = '\u001b[';
  expect((await runCli(['status'], { env, isTerminal: true })).stdout).toContain(escape);
  expect((await runCli(['status'], { env })).stdout).not.toContain(escape);
  expect((await runCli(['status'], { env: { ...env, NO_COLOR: '1' }, isTerminal: true })).stdout).not.toContain(escape);
  expect((await runCli(['status', '--no-color'], { env, isTerminal: true })).stdout).not.toContain(escape);
});

test('a command that would change a database asks, and without anybody to ask it refuses', async () => {
  const database = 'postgres://nobody:x@127.0.0.1:1/none';
  const result = await runCli(['migrate', 'up', '--database-url', database], { env });
  expect(result.code).toBe(2);
  expect(result.stderr).toContain('add --yes');
});

test('config check lists every problem at once', async () => {
  const result = await runCli(['config', 'check', '--json'], {
    env: { ...env, PORT: 'x', ALLOWED_ORIGINS: 'nonsense', JWT_SECRET: 'short' },
  });
  expect(result.code).toBe(2);
  const { problems } = JSON.parse(result.stdout) as { problems: { env: string; fix: string }[] };
  expect(problems.map((problem) => problem.env).toSorted()).toEqual(['ALLOWED_ORIGINS', 'DATABASE_URL', 'JWT_SECRET', 'PORT']);
  expect(result.stdout).not.toContain('short"');
});

test('every command folder holds a declaration, a handler and a screen', () => {
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    const files = readdirSync(join(commandsFolder, command));
    for (const role of ['command', 'handler', 'screen'])
      expect(files, `${command} lacks ${command}.${role}.ts`).toContain(`${command}.${role}.ts`);
  }
});

test('a command line is declared with words alone: no handler, no check, no driver is loaded', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'main.ts')).href)});
    console.log(JSON.stringify(loaded));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const root = join(import.meta.dirname, '../..');
  const files = (JSON.parse(stdout) as string[]).flatMap((url) => (url.startsWith('file:') ? relative(root, fileURLToPath(url)) : []));
  expect(files).toContain('ops-cli/src/commands/audit/audit.command.ts');
  expect(files.filter((file) => /\.(handler|screen|document)\.ts$/.test(file))).toEqual([]);
  const others = files.filter((file) => !file.startsWith('ops-cli/') && !file.startsWith('node_modules/commander/'));
  expect(others.toSorted()).toEqual(['audits/src/words.ts', 'migrations/src/printable.ts', 'platform/src/config/profiles.ts']);
});

test('every command answers --help', async () => {
  for (const command of commands) {
    const result = await runCli([command, '--help'], { env });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain(`Usage: sanctum-ops ${command}`);
  }
});

test('the help that is printed without loading anything is the help of the declarations', () => {
  const committed = readFileSync(join(import.meta.dirname, '../bin/help.txt'), 'utf8');
  expect(committed, 'run: npm run generate -w ops-cli').toBe(mainHelp());
});
