/** A reader who registered on the platform that is measured. */
import { randomBytes } from 'node:crypto';
import type { Platform } from './stack.ts';

export interface SignedIn {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function signUp(platform: Platform): Promise<SignedIn> {
  const username = `bench_${randomBytes(4).toString('hex')}`;
  const answer = await fetch(`http://127.0.0.1:${platform.port}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username,
      email: `${username}@example.org`,
      password: randomBytes(12).toString('base64url'),
      credentials: 'token',
    }),
  });
  if (answer.status !== 201) throw new Error(`registering answered ${answer.status}: ${await answer.text()}`);
  const body = (await answer.json()) as { accessToken: string; user: { id: string } };
  return { id: body.user.id, headers: { authorization: `Bearer ${body.accessToken}` } };
}
