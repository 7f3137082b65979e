import type { Redis } from 'ioredis';
import type { KeyMeasure, RedisTarget } from '../check.ts';

/**
 * Life and size of many keys by one command: a million questions cost the server twice as much when each is a command of
 * its own, and the client far more. EVAL_RO refuses to write by itself.
 */
const script = `
local out = {}
for i = 1, #KEYS do
  local bytes = redis.pcall('STRLEN', KEYS[i])
  if type(bytes) == 'table' then
    if string.sub(bytes.err, 1, 9) ~= 'WRONGTYPE' then return bytes end
    bytes = -1
  end
  out[2 * i - 1] = redis.call('PTTL', KEYS[i])
  out[2 * i] = bytes
end
return out`;

/** Asks with a script, and from the first refusal on (ACL, cluster, Redis before 7.0) with plain commands. */
export function createMeasures(client: Redis): RedisTarget['measures'] {
  let takesScripts = true;
  return async (keys) => {
    if (keys.length === 0) return [];
    if (takesScripts) {
      try {
        return pairsOf((await client.call('eval_ro', script, keys.length, ...keys)) as number[]);
      } catch (error) {
        // The server answered, and the answer was no: whatever stands behind it, the plain commands meet it too.
        if (!(error instanceof Error && error.name === 'ReplyError')) throw error;
        takesScripts = false;
      }
    }
    return askEach(client, keys);
  };
}

function pairsOf(answers: readonly number[]): KeyMeasure[] {
  return Array.from({ length: answers.length / 2 }, (_, index) => {
    const bytes = Number(answers[2 * index + 1]);
    return { lifeMs: Number(answers[2 * index]), bytes: bytes === -1 ? undefined : bytes };
  });
}

async function askEach(client: Redis, keys: readonly Buffer[]): Promise<KeyMeasure[]> {
  const pipeline = client.pipeline();
  for (const key of keys) pipeline.pttl(key).strlen(key);
  const answers = (await pipeline.exec()) ?? [];
  const numbers = answers.map(([error, answer]) => {
    if (error?.message.startsWith('WRONGTYPE')) return -1;
    if (error) throw error;
    return Number(answer);
  });
  return pairsOf(numbers);
}
