/** The attacker's process: told which attack by its argument, when to begin and to end by its parent. */
import { once } from 'node:events';
import { register } from '../lib/member.ts';
import type { Attack, Field } from './attack.ts';

export interface AttackerOrders {
  readonly url: string;
  readonly databaseUrl: string;
  readonly sanctumName: string;
}

export interface AttackerReport {
  readonly asked: number;
  /** Answers of 429 and 503. */
  readonly refused: number;
  /** Answers of other statuses from 500 on, and none at all. */
  readonly failed: number;
}

async function main(name: string, orders: AttackerOrders): Promise<void> {
  const { attack } = (await import(`./attacks/${name}.ts`)) as { readonly attack: Attack };
  let asked = 0;
  let refused = 0;
  let failed = 0;
  const field: Field = {
    ...orders,
    register: () => register(orders.url, 'token'),
    note: ({ status }) => {
      asked += 1;
      if (status === 429 || status === 503) refused += 1;
      else if (status === 0 || status >= 500) failed += 1;
    },
  };
  const run = await attack.prepare(field);
  process.send?.('ready');
  await once(process, 'message');
  const end = new AbortController();
  process.once('message', () => end.abort());
  await run(end.signal);
  process.send?.({ asked, refused, failed } satisfies AttackerReport);
  process.disconnect?.();
}

const [name, orders] = process.argv.slice(2);
if (name === undefined || orders === undefined) throw new Error('the drill starts this with an attack and its orders');
await main(name, JSON.parse(orders) as AttackerOrders);
