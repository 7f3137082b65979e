/** The states in which a Redis may be found, each reached from the one before it. */
import { redisCommand } from '../lib/redis-command.ts';
import type { DrillStack } from '../lib/stack.ts';

export interface RedisState {
  readonly name: string;
  reach(): Promise<void>;
  /** In a state in which Redis serves: its address, so that the drill sees whether the platform uses it. */
  readonly servedAt?: string;
}

/** Throws when the stack has no Redis. */
export function redisStates(stack: DrillStack): RedisState[] {
  const { redisUrl } = stack.addresses();
  if (redisUrl === undefined) throw new Error('this stack has no Redis: install redis-server (make tools) and run the drill again');
  // Found out beforehand: a stalled Redis does not say who it is.
  let stalledPid = 0;
  const signal = async (name: NodeJS.Signals) => void process.kill(await stack.pid('redis'), name);
  return [
    { name: 'healthy', servedAt: redisUrl, reach: async () => {} },
    { name: 'stopped', reach: () => signal('SIGTERM') },
    { name: 'started again', servedAt: redisUrl, reach: () => stack.up() },
    { name: 'killed (-9)', reach: () => signal('SIGKILL') },
    { name: 'started after the kill', servedAt: redisUrl, reach: () => stack.up() },
    {
      name: 'stalled (SIGSTOP)',
      reach: async () => {
        stalledPid = await stack.pid('redis');
        process.kill(stalledPid, 'SIGSTOP');
      },
    },
    { name: 'awake again (SIGCONT)', servedAt: redisUrl, reach: async () => void process.kill(stalledPid, 'SIGCONT') },
    { name: 'emptied (FLUSHALL)', servedAt: redisUrl, reach: async () => void (await redisCommand(redisUrl, 'flushall')) },
  ];
}

/** A control: what is killed is not Redis but PostgreSQL, without which requests do fail. The drill has to see that. */
export function controlStates(stack: DrillStack): RedisState[] {
  const reach = async () => {
    process.kill(await stack.pid('postgres'), 'SIGKILL');
    await stack.up();
  };
  return [{ name: 'well, PostgreSQL killed', reach }];
}
