import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePort } from '@sanctum/platform/local/ports';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runStackCommand } from './stack-command.ts';

const timeoutMs = 120_000;
let home: string;
let port: number;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sanctum-up-'));
  chmodSync(home, 0o755);
  port = await choosePort();
});

afterAll(async () => {
  await cli(['down']);
  rmSync(home, { recursive: true, force: true });
}, timeoutMs);

const cli = (argv: readonly string[], options: { interruptWhen?: string } = {}) => runStackCommand(home, argv, options);

const up = (...more: string[]) => cli(['up', '--no-web', '--no-seed', '--no-review', '--json', ...more]);

interface Status {
  state: string;
  urls: { web: string } | null;
  processes: Record<'platform' | 'postgres' | 'redis', { state: string; pid: number | null }>;
}

async function status(): Promise<Status> {
  return JSON.parse((await cli(['status', '--json'])).stdout) as Status;
}

test(
  'the whole life: start, status, start again, kill each part, recover, stop',
  async () => {
    const first = await up('--port', String(port));
    expect(first.code, first.stderr).toBe(0);
    const document = JSON.parse(first.stdout) as {
      schema: string;
      url: string;
      steps: { name: string; durationMs: number }[];
      alreadyRunning: boolean;
    };
    expect(document).toMatchObject({ schema: 'sanctum.up/1', url: `http://127.0.0.1:${port}`, alreadyRunning: false });
    expect(document.steps.map((step) => step.name)).toEqual(['machine', 'secrets', 'PostgreSQL', 'Redis', 'migrations', 'platform']);
    expect((await fetch(`${document.url}/ready`)).status).toBe(200);
    expect(statSync(join(home, 'secrets.env')).mode & 0o777).toBe(0o600);

    const running = await status();
    expect(running.state).toBe('running');
    const second = await up();
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ alreadyRunning: true, url: document.url });
    expect((await status()).processes.platform.pid).toBe(running.processes.platform.pid);

    for (const part of ['platform', 'postgres'] as const) {
      const { pid } = (await status()).processes[part];
      expect(pid).not.toBeNull();
      process.kill(pid ?? 0, 'SIGKILL');
      const again = await up();
      expect(again.code, again.stderr).toBe(0);
      expect((await status()).state).toBe('running');
      expect((await fetch(`${document.url}/ready`)).status).toBe(200);
    }

    const doctor = await cli(['doctor', '--json']);
    expect(JSON.parse(doctor.stdout)).toMatchObject({ schema: 'sanctum.doctor/1', couldNotLook: [] });

    const down = await cli(['down', '--json']);
    expect(JSON.parse(down.stdout)).toMatchObject({ stopped: { platform: 'stopped', postgres: 'stopped' } });
    const stopped = await cli(['status', '--json']);
    expect(stopped.code).toBe(1);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ state: 'stopped' });
    expect((await cli(['down'])).stdout).toContain('nothing was running');
  },
  timeoutMs,
);

test(
  'a port that is taken is named with its owner, and doctor repeats it',
  async () => {
    const other = createServer();
    const taken = await choosePort();
    await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
    try {
      const failed = await up('--port', String(taken));
      expect(failed.code).toBe(1);
      expect(failed.stderr).toContain(`the step "platform" failed: port ${taken} is taken by`);
      expect(JSON.parse(failed.stdout)).toMatchObject({
        schema: 'sanctum.error/1',
        error: { code: 'LOCAL_PORT_TAKEN', fix: expect.stringContaining('--port') },
      });
      const doctor = JSON.parse((await cli(['doctor', '--json'])).stdout) as { causes: { id: string }[] };
      expect(doctor.causes.map((cause) => cause.id)).toContain('port-taken');
    } finally {
      other.close();
    }
  },
  timeoutMs,
);

test(
  'an interrupt during the start stops what was started',
  async () => {
    await cli(['down']);
    const interrupted = cli(['up', '--no-web', '--no-seed', '--no-review', '--port', String(port)], { interruptWhen: 'PostgreSQL' });
    expect((await interrupted).code).toBe(130);
    const { processes } = await status();
    expect([processes.platform.pid, processes.postgres.pid, processes.redis.pid]).toEqual([null, null, null]);
  },
  timeoutMs,
);

test(
  'no secret is printed by status, doctor or a failing start',
  async () => {
    const secrets = readFileSync(join(home, 'secrets.env'), 'utf8')
      .split('\n')
      .flatMap((line) => line.split('=')[1] ?? []);
    expect(secrets.length).toBeGreaterThan(3);
    const texts = await Promise.all([cli(['status', '--json']), cli(['doctor', '--json']), cli(['config', 'explain'])]);
    for (const secret of secrets) for (const { stdout, stderr } of texts) expect(stdout + stderr).not.toContain(secret);
    expect(existsSync(join(home, 'run/platform.json'))).toBe(false);
  },
  timeoutMs,
);
