export interface LogLine {
  readonly level: string;
  readonly time?: string;
  readonly message: string;
}

type Entry = Readonly<Record<string, unknown>>;

const fieldsShown = ['method', 'route', 'status', 'latency_ms', 'code', 'query', 'duration_ms', 'url', 'reason'] as const;

/** One line of the platform's log for a person; a line that is not JSON (a crash, for example) is kept as it is. */
export function parseLogLine(line: string): LogLine {
  const entry = parse(line);
  if (entry === undefined) return { level: 'plain', message: line };
  const time = text(entry['time']);
  const error = entry['error'];
  const reason = typeof error === 'object' && error !== null ? text((error as Entry)['message']) : text(error);
  const fields = fieldsShown.flatMap((name) => {
    const value = entry[name];
    return typeof value === 'string' || typeof value === 'number' ? [`${name}=${value}`] : [];
  });
  const message = [text(entry['message']), reason].filter((part) => part !== undefined && part !== '').join(': ');
  return {
    level: text(entry['level']) ?? 'plain',
    ...(time === undefined ? {} : { time }),
    message: message === '' ? line : [message, ...fields].join('  '),
  };
}

function parse(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : undefined;
  } catch {
    // Node.js itself writes plain text when it ends with an uncaught error.
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function formatLogLine(line: string): string {
  const { level, time, message } = parseLogLine(line);
  return level === 'plain' ? message : `${time?.slice(11, 23) ?? ''} ${level.padEnd(5)} ${message}`.trim();
}
