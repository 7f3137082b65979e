import { defineCause } from '../cause.ts';
import type { Cure } from '../cause.ts';

export default defineCause({
  id: 'redis-busy',
  title: 'Redis is busy with a script and answers nobody else',
  explains: ['redis-hangs', 'redis-unreachable'],
  judge: ({ redis }) => {
    const words = redis?.writeRefusal ?? redis?.message ?? '';
    if (redis === undefined || !words.startsWith('BUSY')) return undefined;
    return { confidence: 0.84, evidence: [`${redis.label}: ${words}`], cure };
  },
});

const cure: Cure = {
  does: ['Redis: script kill', 'Redis: function kill'],
  run: async ({ redis, say }) => {
    for (const kind of ['script', 'function']) {
      try {
        await redis(kind, 'kill');
      } catch (error) {
        // One of the two runs, the other answers NOTBUSY; a script that wrote already cannot be ended, which the next look tells.
        say(`${kind} kill: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  },
};
