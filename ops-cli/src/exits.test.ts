/** Processes that have loaded the SQL parser end. The thousand runs are `make drill-exits`; here a few of each kind. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'ops-cli/bin/sanctum-ops.js');
const folder = mkdtempSync(join(tmpdir(), 'sanctum-exits-'));
cpSync(join(root, 'migrations/sql'), join(folder, 'sql'), { recursive: true });
cpSync(join(root, 'migrations/checksums.json'), join(folder, 'checksums.json'));
writeFileSync(join(folder, 'sql/0006_posts.sql'), 'select 1;\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(parameters: readonly string[]): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...parameters], { timeout: 60_000, killSignal: 'SIGKILL' });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

test('a verification with a difference ends with its exit code and its whole output, each time', async () => {
  const outputs = new Set<string>();
  for (let at = 0; at < 8; at += 1) {
    const { code, stdout } = await run([program, 'migrate', 'verify', '--files-only', '--dir', folder, '--json']);
    expect(code).toBe(1);
    outputs.add(stdout);
  }
  expect(outputs.size).toBe(1);
  expect(JSON.parse([...outputs][0] ?? '')).toMatchObject({ schema: 'sanctum.migrate-verify/1', blocking: true });
}, 120_000);

test('leaving tells the listeners, waits for no timer and keeps the exit code', async () => {
  const leave = join(root, 'platform/src/leave-process.ts');
  const script = `
    import { leaveProcess } from ${JSON.stringify(leave)};
    process.on('exit', (code) => process.stdout.write('listener ' + code));
    setInterval(() => {}, 1000);
    leaveProcess(3);`;
  expect(await run(['--input-type=module', '-e', script])).toEqual({ code: 3, stdout: 'listener 3' });
}, 60_000);

test('a pipe named like a migration holds no command up', async () => {
  execFileSync('mkfifo', [join(folder, 'sql/0999_pipe.sql')]);
  const { code, stdout } = await run([program, 'migrate', 'verify', '--files-only', '--dir', folder]);
  rmSync(join(folder, 'sql/0999_pipe.sql'));
  expect(code).toBe(1);
  expect(stdout).toContain('a named pipe');
}, 60_000);

test('a hostile file name reaches no terminal', async () => {
  const name = 'x\u001b[2J\nFAKE\u202e.sql';
  writeFileSync(join(folder, 'sql', name), 'select 1;\n');
  const { stdout } = await run([program, 'migrate', 'verify', '--files-only', '--dir', folder]);
  rmSync(join(folder, 'sql', name));
  expect(stdout).toContain(String.raw`x\u{1b}[2J\nFAKE\u{202e}.sql`);
  for (const hidden of ['\u001b', '\u202e', '\nFAKE']) expect(stdout).not.toContain(hidden);
}, 60_000);
