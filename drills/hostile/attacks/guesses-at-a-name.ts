import type { Attack } from '../attack.ts';
import { flood } from '../attack.ts';

const atOnce = 8;

/** Every wrong password costs a hash that is made to be slow. */
export const attack: Attack = {
  title: 'passwords guessed at a name',
  prepare: async ({ register, note }) => {
    const [victim, stranger] = [await register(), await register()];
    return (end) =>
      flood(atOnce, end, async (lane) => {
        const body = { name: victim.username, password: `guess number ${lane}`, credentials: 'token' };
        note(await stranger.request('POST', '/api/auth/sign-in', { body }));
      });
  },
};
