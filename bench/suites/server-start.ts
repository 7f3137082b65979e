/** P24: from the start of the process to /ready, migrations verified and all. */
import { measured, type Suite } from '../lib/measure.ts';
import { startPlatform, startPostgres } from '../lib/stack.ts';

export const serverStart: Suite = {
  name: 'server-start',
  run: async ({ pairs }) => {
    const postgres = await startPostgres();
    try {
      const times: number[] = [];
      for (let index = 0; index <= pairs; index += 1) {
        const platform = await startPlatform(postgres.url);
        if (index > 0) times.push(platform.readyAfterMs); // The first start fills the compile cache.
        await platform.stop();
      }
      return [measured({ id: 'P24', title: 'server start to ready', unit: 'ms', must: 350, aim: 300, better: 'less' }, times)];
    } finally {
      await postgres.stop();
    }
  },
};
