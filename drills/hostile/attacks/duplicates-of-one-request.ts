import { randomUUID } from 'node:crypto';
import type { Attack } from '../attack.ts';
import { foundSanctum } from '../../lib/member.ts';

const duplicates = 30;

export const attack: Attack = {
  title: 'thirty duplicates of one creating request',
  prepare: async ({ register, note }) => {
    const member = await register();
    const sanctum = await foundSanctum([member]);
    return async (end) => {
      while (!end.aborted) {
        const idempotencyKey = randomUUID();
        const body = { kind: 'text', title: 'Thirty times', body: 'One paragraph.\n\n'.repeat(20) };
        const ask = () => member.request('POST', `/api/sanctums/${sanctum}/posts`, { body, idempotencyKey });
        for (const answer of await Promise.all(Array.from({ length: duplicates }, ask))) note(answer);
      }
    };
  },
};
