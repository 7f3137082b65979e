import { CouldNotLook } from '../check.ts';
import type { RedisTarget } from '../check.ts';

/** One command. Throws `CouldNotLook` with the way out when Redis stalls or refuses it. */
export async function ask(redis: RedisTarget, name: string, ...values: (string | number)[]): Promise<unknown> {
  try {
    return await redis.command(name, ...values);
  } catch (cause) {
    throw unanswered(`${name} ${values[0] ?? ''}`.trim(), cause);
  }
}

/** INFO of one section. Throws `CouldNotLook`. */
export async function info(redis: RedisTarget, section: string): Promise<Readonly<Record<string, string>>> {
  try {
    return await redis.info(section);
  } catch (cause) {
    throw unanswered(`info ${section}`, cause);
  }
}

export function unanswered(command: string, cause: unknown): CouldNotLook {
  const message = cause instanceof Error ? cause.message : String(cause);
  const refused = message.includes('keys') ? '%R~*' : `+${/'([a-z_]+)/.exec(message)?.[1] ?? command.split(' ')[0] ?? ''}`;
  const fix = message.startsWith('NOPERM')
    ? `Let the user of REDIS_URL read it: acl setuser <name> ${refused}`
    : 'See whether Redis answers at all: redis-cli -u "$REDIS_URL" --latency; then run the audit again.';
  return new CouldNotLook(`Redis did not answer "${command}": ${message}.`, { fix, cause });
}

export function isRefused(error: unknown): boolean {
  const cause = error instanceof CouldNotLook ? error.cause : error;
  return cause instanceof Error && /^(NOPERM|ERR unknown)/.test(cause.message);
}
