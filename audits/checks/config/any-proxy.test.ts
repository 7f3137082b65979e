import { expect, test } from 'vitest';
import type { ConfigTarget } from '../../src/check.ts';
import { runInWorld } from '../../test/context.ts';
import check from './any-proxy.ts';

const look = (text: string | undefined, profile: ConfigTarget['profile'] = 'production') =>
  runInWorld(check, { config: { profile, env: { TRUST_PROXY: text } } });

test.each(['0.0.0.0/0', '::/0', '10.0.0.7, 0.0.0.0/1,128.0.0.0/1', '::ffff:0:0/3'])(
  '%s is high in production and low in development, and gone when the proxy is named',
  async (text) => {
    expect((await look(text)).findings).toMatchObject([{ subject: 'TRUST_PROXY', severity: 'high' }]);
    expect((await look(text, 'development')).findings).toMatchObject([{ severity: 'low' }]);
    expect((await look('10.0.0.7')).findings).toEqual([]);
  },
);

test.each([undefined, '', '10.0.0.0/8', 'fc00::/7', '127.0.0.1, ::1', 'loopback, uniquelocal'])(
  '%s is no finding, and was examined',
  async (text) => {
    const { examined, findings } = await look(text);
    expect(examined).toBeGreaterThan(0);
    expect(findings).toEqual([]);
  },
);
