/** One command to a Redis past the platform, as redis-cli would send it. */
import { once } from 'node:events';
import { connect } from 'node:net';

const timeoutMs = 5_000;

/**
 * Sends one command and returns everything that Redis wrote until it closed the connection. https://redis.io/docs/latest/develop/reference/protocol-spec/
 * Throws when Redis refuses it or does not answer within five seconds.
 */
export async function redisCommand(url: string, ...words: string[]): Promise<string> {
  const { hostname, port, password } = new URL(url);
  const commands = [...(password === '' ? [] : [['auth', decodeURIComponent(password)]]), words, ['quit']];
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`Redis did not answer ${words[0]} within ${timeoutMs} ms`)));
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(
    commands
      .map((command) => `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)
      .join(''),
  );
  await once(socket, 'close');
  const refusal = answer.split('\r\n').find((line) => line.startsWith('-'));
  if (refusal !== undefined) throw new Error(`Redis refused ${words[0]}: ${refusal.slice(1)}`);
  return answer;
}

/** How many commands this Redis has carried out since it started. Throws when it does not say. */
export async function commandsProcessed(url: string): Promise<number> {
  const count = /^total_commands_processed:(\d+)/m.exec(await redisCommand(url, 'info', 'stats'))?.[1];
  if (count === undefined) throw new Error('INFO of this Redis holds no total_commands_processed');
  return Number(count);
}
