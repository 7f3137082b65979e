/** docs/realtime-protocol.md and platform/realtime-protocol.json, computed from the shapes that the server reads and writes. */
import { z } from 'zod';
import { closeCodes } from './sockets/close-codes.ts';
import { socketLimits } from './sockets/limits.ts';
import { clientMessage, eventsPath, serverMessage, subprotocol, ticketPrefix } from './sockets/protocol.ts';

const toSchema = (shape: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(shape, { io, reused: 'inline' });

/** Both directions as JSON Schema. */
export function renderProtocolSchema(): string {
  const schema = {
    protocol: subprotocol,
    path: eventsPath,
    client: toSchema(clientMessage, 'input'),
    server: toSchema(serverMessage, 'output'),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

export function renderProtocolPage(): string {
  return `# What is said over a live connection

Generated from \`platform/src/sockets/\` by \`make docs\`; a test keeps it current. The same as JSON Schema: \`platform/realtime-protocol.json\`. The client in
\`realtime-client/\` speaks it.

Get a ticket from \`POST /api/ws/ticket\` and open \`${eventsPath}\` on the host of the API with two subprotocols: \`${subprotocol}\` and
\`${ticketPrefix}<ticket>\`. A ticket opens one connection, within ${socketLimits.ticketSeconds} seconds. Nothing may stand in the query string. What is refused is answered by HTTP with an
error of the catalogue. Messages are JSON texts.

Follow a stream with the position that the answer of its snapshot holds. What lies behind that position comes first, then what happens. When a connection
ends, open another one and follow from the last position.

## From the client

${messagesOf(clientMessage)}

## From the server

${messagesOf(serverMessage)}

## How it ends

| code | reason |
| --- | --- |
${Object.values(closeCodes)
  .map(({ code, reason }) => `| ${code} | ${reason} |`)
  .join('\n')}
| 1002, 1007, 1008, 1009 | broken frames, invalid UTF-8, too many fragments, a message of more than ${socketLimits.messageBytes} bytes |

## Limits

| of | at most |
| --- | --- |
| connections of one person | ${socketLimits.connectionsPerUser} |
| connections of one network address | ${socketLimits.connectionsPerNetwork} |
| streams that a connection follows | ${socketLimits.subscriptionsPerConnection} |
| bytes of a message | ${socketLimits.messageBytes} |
| messages, and streams that they name | ${socketLimits.points} at once, then ${socketLimits.pointsPerSecond} a second |
| seconds between two signs of life | ${2 * socketLimits.heartbeatSeconds} |
| seconds in which nothing is taken | ${socketLimits.lagSeconds} |
`;
}

interface ObjectSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, { readonly const?: string }>>;
  readonly required?: readonly string[];
}

function messagesOf({ options }: { readonly options: readonly z.ZodType[] }): string {
  const rows = options.map((option) => {
    const { description = '', properties = {}, required = [] } = toSchema(option, 'input') as ObjectSchema;
    const fields = Object.keys(properties)
      .filter((name) => name !== 'type')
      .map((name) => `\`${name}\`${required.includes(name) ? '' : ' (optional)'}`);
    return `| \`${properties['type']?.const ?? ''}\` | ${fields.join(', ')} | ${description} |`;
  });
  return ['| type | fields | |', '| --- | --- | --- |', ...rows].join('\n');
}
