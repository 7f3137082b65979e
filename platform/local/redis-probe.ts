import { Redis } from 'ioredis';
import { systemErrorCode } from './local-error.ts';

const connectTimeoutMs = 2_000;

type Answer =
  | { readonly kind: 'answers'; readonly pid: number; readonly version: string; readonly configFile: string }
  | { readonly kind: 'nobody' | 'stranger'; readonly message: string };

/** Who answers at an address. Never throws. */
export async function probeRedis(url: string): Promise<Answer> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let lastError: Error | undefined;
  client.on('error', (error: Error) => (lastError = error));
  try {
    await client.connect();
    const info = await client.info('server');
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    return { kind: 'answers', pid: Number(field('process_id')), version: field('redis_version'), configFile: field('config_file') };
  } catch (error) {
    const cause = lastError ?? error;
    const refused = systemErrorCode(cause) === 'ECONNREFUSED';
    return { kind: refused ? 'nobody' : 'stranger', message: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    client.disconnect();
  }
}
