import { describe, expect, test } from 'vitest';
import { createCredentialCookies } from '../../http/routes/credential-cookies.ts';
import { createAuthenticate } from './authenticate.ts';

/** Tokens are user ids here; "seen" was verified before, "fresh" holds and has to be looked up. */
function authenticateWith(networks: string[]) {
  const readerOf = (userId: string) => ({ userId, sessionId: 's', role: 'user' as const });
  return createAuthenticate({
    accessTokens: {
      verifyLocally: (token) => (token === 'seen' ? readerOf(token) : undefined),
      verify: async (token) => (token === 'fresh' ? readerOf(token) : null),
    },
    revocations: { judgeLocally: (claimed) => claimed, judge: async (claimed) => claimed },
    refusals: {
      attempt: async (network, check) => {
        networks.push(network);
        return (await check()) ?? Promise.reject(new Error('refused'));
      },
    },
    cookies: createCredentialCookies({ secure: false }),
  });
}

describe('credentials, of a request or of a socket that opens', () => {
  const cases: readonly (readonly [string, { authorization?: string; cookie?: string }, string | null, readonly string[]])[] = [
    ['none', {}, null, []],
    ['a cookie of something else', { cookie: 'theme=dark' }, null, []],
    ['a cookie seen before', { cookie: 'theme=dark; sanctum_access=seen' }, 'seen', []],
    ['a cookie to look up', { cookie: 'sanctum_access=fresh' }, 'fresh', ['192.0.2.1']],
    ['a token before a cookie', { authorization: 'Bearer seen', cookie: 'sanctum_access=fresh' }, 'seen', []],
    ['a token that does not hold', { authorization: 'Bearer wrong', cookie: 'sanctum_access=seen' }, 'refused', ['192.0.2.1']],
    ['another scheme, in place of the cookie', { authorization: 'Basic seen', cookie: 'sanctum_access=seen' }, 'refused', ['192.0.2.1']],
  ];

  test.each(cases)('%s', async (_what, { authorization, cookie }, expected, asked) => {
    const networks: string[] = [];
    const found = async () => authenticateWith(networks)({ authorization, cookie, network: () => '192.0.2.1' });
    const userId = await found().then(
      (reader) => reader?.userId ?? null,
      () => 'refused',
    );
    expect(userId).toBe(expected);
    expect(networks).toEqual(asked);
  });
});
