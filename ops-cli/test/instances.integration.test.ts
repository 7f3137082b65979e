/** Two instances behind the proxy as their operator meets them: started, looked at, broken one part after the other, mended, stopped. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePort } from '@sanctum/platform/local/ports';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireTool } from '../../platform/test/harness/tools.ts';
import { waitUntil } from '../../platform/test/harness/wait-until.ts';
import { runStackCommand } from './stack-command.ts';

const timeoutMs = 120_000;
const nginx = requireTool('nginx');

describe.skipIf(nginx === undefined)('two instances behind the proxy', () => {
  let home: string;
  let port: number;

  const cli = (...argv: readonly string[]) => runStackCommand(home, argv);
  const up = (...more: string[]) => cli('up', '--no-web', '--no-seed', '--no-review', '--json', ...more);
  const url = () => `http://127.0.0.1:${port}`;

  async function status() {
    return JSON.parse((await cli('status', '--json')).stdout) as {
      state: string;
      urls: { web: string } | null;
      processes: Record<'platform' | 'proxy' | 'postgres', { state: string; pid: number | null; detail: string | null }>;
      instances: { instance: number; state: string; pid: number | null; port: number | null; log: string }[];
    };
  }

  async function doctor() {
    const { stdout } = await cli('doctor', '--json');
    return (JSON.parse(stdout) as { causes: { id: string; title: string; evidence: string[]; next: string }[] }).causes;
  }

  /** Which instances answered, by what the proxy logged. */
  function served(requestId: string): string[] {
    const lines = readFileSync(join(home, 'logs/proxy-access.log'), 'utf8').split('\n');
    return lines.filter((line) => line.includes(requestId)).map((line) => String((JSON.parse(line) as { upstream: string }).upstream));
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'sanctum-instances-'));
    chmodSync(home, 0o755);
    port = await choosePort();
    const first = await up('--port', String(port), '--instances', '2');
    expect(first.code, first.stderr).toBe(0);
  }, timeoutMs);

  afterAll(async () => {
    const down = await cli('down', '--json');
    expect(JSON.parse(down.stdout)).toMatchObject({ stopped: { platform: 'stopped', postgres: 'stopped' } });
    rmSync(home, { recursive: true, force: true });
  }, timeoutMs);

  test(
    'both answer at one address, and status knows each with its log',
    async () => {
      const seen = await status();
      expect(seen).toMatchObject({ state: 'running', urls: { web: url() }, processes: { proxy: { state: 'ready' } } });
      expect(seen.instances.map(({ instance, state }) => [instance, state])).toEqual([
        [1, 'ready'],
        [2, 'ready'],
      ]);
      for (const { log } of seen.instances) expect(existsSync(log)).toBe(true);
      const mark = `both-${port}`;
      await waitUntil('both instances have answered', async () => {
        expect((await fetch(`${url()}/health`, { headers: { 'x-request-id': mark } })).status).toBe(200);
        return new Set(served(mark)).size === 2;
      });
      expect((await cli('doctor')).code).toBe(0);
    },
    timeoutMs,
  );

  test('an id of the caller reaches the platform and comes back, and a harmful one does not', async () => {
    const kept = await fetch(`${url()}/api/nowhere`, { headers: { 'x-request-id': 'caller-0123456789' } });
    expect(kept.headers.get('x-request-id')).toBe('caller-0123456789');
    const replaced = await fetch(`${url()}/api/nowhere`, { headers: { 'x-request-id': 'a"b' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  test(
    'an instance that is killed is named first by doctor, readers notice nothing, and up mends it alone',
    async () => {
      const before = await status();
      const [first, second] = before.instances;
      process.kill(second?.pid ?? 0, 'SIGKILL');
      const answers = await Promise.all(Array.from({ length: 40 }, async () => (await fetch(`${url()}/api/feeds/popular`)).status));
      expect(new Set(answers)).toEqual(new Set([200]));
      const [cause] = await doctor();
      expect(cause).toMatchObject({ id: 'platform-ended', title: expect.stringContaining('Instance 2 of 2'), next: 'npx sanctum-ops up' });
      expect(cause?.evidence.join('\n')).toContain('platform-2.log');
      expect(await status()).toMatchObject({ state: 'degraded', processes: { platform: { state: 'not-ready' } } });
      expect((await up()).code).toBe(0);
      const after = await status();
      expect(after.state).toBe('running');
      expect(after.instances[0]?.pid).toBe(first?.pid);
      expect(after.processes.proxy.pid).toBe(before.processes.proxy.pid);
    },
    timeoutMs,
  );

  test(
    'a killed proxy is named first by doctor, and up starts another without touching the instances',
    async () => {
      const before = await status();
      process.kill(before.processes.proxy.pid ?? 0, 'SIGKILL');
      expect((await doctor())[0]).toMatchObject({ id: 'proxy-ended', next: 'npx sanctum-ops up' });
      const again = await up();
      expect(again.code, again.stderr).toBe(0);
      const after = await status();
      expect(after.state).toBe('running');
      expect(after.instances.map(({ pid }) => pid)).toEqual(before.instances.map(({ pid }) => pid));
      expect((await fetch(`${url()}/ready`)).status).toBe(200);
    },
    timeoutMs,
  );

  test(
    'a session that is ended at one instance is refused at the other within a second',
    async () => {
      const [one, other] = (await status()).instances.map((instance) => `http://127.0.0.1:${instance.port}`);
      const account = { username: `twice_${port}`, password: 'a long enough password', credentials: 'token' };
      const registered = await fetch(`${one}/api/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...account, email: `twice_${port}@example.org` }),
      });
      expect(registered.status).toBe(201);
      const { accessToken } = (await registered.json()) as { accessToken: string };
      const me = async (at: string | undefined) =>
        (await fetch(`${at}/api/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status;
      expect([await me(one), await me(other)]).toEqual([200, 200]);
      const ended = await fetch(`${one}/api/auth/sign-out`, { method: 'POST', headers: { authorization: `Bearer ${accessToken}` } });
      expect(ended.status).toBe(204);
      await expect.poll(() => me(other), { timeout: 1_500, interval: 50 }).toBe(401);
    },
    timeoutMs,
  );

  test('nobody chooses the address that is counted against them', async () => {
    const signIn = (address: string) =>
      fetch(`${url()}/api/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address, forwarded: `for=${address}` },
        body: JSON.stringify({ name: 'nobody_at_all', password: 'a password that is wrong', credentials: 'token' }),
      });
    // Far more than the limits of one address let through, each from an address of its own.
    const answers = await Promise.all(Array.from({ length: 60 }, async (_, count) => (await signIn(`203.0.113.${count}`)).status));
    expect(answers).toContain(401);
    expect(answers).toContain(429);
  });

  test(
    'one instance alone takes the port over, and the proxy is gone',
    async () => {
      expect((await up('--instances', '1')).code).toBe(0);
      const alone = await status();
      expect(alone).toMatchObject({ state: 'running', urls: { web: url() }, processes: { proxy: { state: 'absent' } } });
      expect(alone.instances).toHaveLength(1);
      expect((await fetch(`${url()}/ready`)).headers.get('server')).toBeNull();
    },
    timeoutMs,
  );
});
