import pg from 'pg';
import { setTimeout as wait } from 'node:timers/promises';
import type { Attack } from '../attack.ts';
import { flood } from '../attack.ts';
import { foundSanctum } from '../../lib/member.ts';

const atOnce = 40;
const lockedMs = 1500;

/** Stands for every write that waits for another: whatever holds the sanctum's row, those who wait may not hold the pool. */
export const attack: Attack = {
  title: 'forty who join a locked sanctum',
  prepare: async ({ register, note, databaseUrl }) => {
    const members = await Promise.all(Array.from({ length: 4 }, register));
    const sanctum = await foundSanctum(members.slice(0, 1));
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return async (end) => {
      const holding = (async () => {
        while (!end.aborted) {
          await client.query('begin');
          await client.query('select id from sanctums where name = $1 for update', [sanctum]);
          await wait(lockedMs);
          await client.query('rollback');
        }
        await client.end();
      })();
      await flood(atOnce, end, async (lane) => {
        const member = members[lane % members.length];
        if (member !== undefined) note(await member.request('PUT', `/api/sanctums/${sanctum}/membership`));
      });
      await holding;
    };
  },
};
