/** JSON lines on stdout. Every line written during a request carries its ids; secrets never get that far. */
import { type DestinationStream, pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';
import type { QueryEvent } from './query-event.ts';
import { openLogFile } from './log-file.ts';
import { redact } from './redaction.ts';
import { currentRequest } from './request-context.ts';

export type Logger = PinoLogger;

export interface LoggingOptions {
  readonly level: string;
  /** Where lines go; stdout when left out. */
  readonly destination?: DestinationStream;
}

const standardOutput = 1;

export function createLogger(options: LoggingOptions): Logger {
  const now = createTimestamps();
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${now()}"`,
      formatters: { level: (label) => ({ level: label }), log: redact },
      serializers: { error: (error: Error) => redact(pino.stdSerializers.err(error)) },
      messageKey: 'message',
      errorKey: 'error',
      mixin: requestFields,
    },
    options.destination ?? openLogFile(standardOutput),
  );
}

export interface AccessLine {
  readonly request_id: string;
  readonly trace_id: string | undefined;
  readonly user_id: string | undefined;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly latency_ms: number;
  readonly statements: number;
  readonly code: string | undefined;
}

export type AccessLog = (level: 'info' | 'warn', line: AccessLine, message: string) => void;

/**
 * Writes the one line of each request past the redaction and past JSON.stringify, which cost more than the rest of it: no
 * field can hold what a client sent, except the request id, whose characters are checked. Only the route needs quoting.
 * What many lines share is one piece, made once: a line is copied as often as it has pieces.
 */
export function createAccessLog(logger: Logger): AccessLog {
  const now = createTimestamps();
  // One entry per route and method.
  const places = new Map<string, Map<string, string>>();
  let begunAt = '';
  let begin = { info: '', warn: '' };

  function beginOf(level: 'info' | 'warn'): string {
    const time = now();
    if (time !== begunAt) {
      begunAt = time;
      begin = { info: `{"level":"info","time":"${time}","request_id":"`, warn: `{"level":"warn","time":"${time}","request_id":"` };
    }
    return begin[level];
  }

  function placeOf(route: string, method: string): string {
    let methods = places.get(route);
    if (methods === undefined) places.set(route, (methods = new Map()));
    let place = methods.get(method);
    if (place === undefined) methods.set(method, (place = `","method":"${method}","route":${JSON.stringify(route)},"status":`));
    return place;
  }

  const stream = (logger as unknown as Readonly<Record<symbol, DestinationStream>>)[pino.symbols.streamSym];
  if (stream === undefined) throw new Error('the logger has no destination');
  return (level, line, message) => {
    if (!logger.isLevelEnabled(level)) return;
    let text = beginOf(level) + line.request_id;
    if (line.trace_id !== undefined) text += `","trace_id":"${line.trace_id}`;
    if (line.user_id !== undefined) text += `","user_id":"${line.user_id}`;
    text += `${placeOf(line.route, line.method)}${line.status},"latency_ms":${line.latency_ms},"statements":${line.statements}`;
    if (line.code !== undefined) text += `,"code":"${line.code}"`;
    stream.write(`${text},"message":"${message}"}\n`);
  };
}

/** ISO 8601, formatted once per millisecond. */
function createTimestamps(): () => string {
  let atMs = 0;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== atMs) {
      atMs = nowMs;
      text = new Date(nowMs).toISOString();
    }
    return text;
  };
}

/** The ids of the running request, for lines that do not name them themselves. */
function requestFields(): object {
  const request = currentRequest();
  if (request === undefined) return {};
  return {
    request_id: request.requestId,
    ...(request.traceId === undefined ? {} : { trace_id: request.traceId }),
    ...(request.userId === undefined ? {} : { user_id: request.userId }),
  };
}

/** A query above its budget, by name: enough to find the statement and the request, nothing of the data. */
export function logSlowQuery(logger: Logger, event: QueryEvent): void {
  logger.warn(
    {
      query: event.name,
      duration_ms: round(event.durationMs),
      budget_ms: event.budgetMs,
      rows: event.rows,
      outcome: event.outcome,
      ...(event.sqlState === undefined ? {} : { sqlstate: event.sqlState }),
    },
    'slow query',
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
