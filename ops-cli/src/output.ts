import type { Writable } from 'node:stream';
import { printable, printableJson } from '@sanctum/migrations/printable';
import { usageError } from './cli-error.ts';

/** A stream that may be a terminal. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>>;

/**
 * Everything a command may print with. Data goes to stdout and is all that a pipe sees; progress and
 * errors go to stderr.
 */
export interface Output {
  readonly format: string;
  readonly isJson: boolean;
  /** Whether stdout shows colours. */
  readonly isColoured: boolean;
  /** The width of stdout in characters; undefined when it is no terminal, where nothing is wrapped or cut. */
  readonly columns: number | undefined;
  readonly paint: Paint;
  /** The same for progress: stderr may be a terminal while stdout is a pipe. */
  readonly paintProgress: Paint;
  /** One piece of data on stdout; a line end is added when there is none. */
  data(text: string): void;
  /** One JSON document on stdout, its `schema` first. */
  json(schema: string, document: object): void;
  /** One line of progress on stderr; nothing when quiet. */
  progress(line: string): void;
  /** What is under way: replaces the current line of a live stderr; elsewhere it becomes a line when nothing else follows within a second. */
  redraw(line: string): void;
  /** Takes back what `redraw` shows. */
  settle(): void;
  /** One line on stderr, quiet or not. */
  problem(line: string): void;
}

const redrawDelayMs = 1_000;

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

/** Colours that end as they began, or plain text when `enabled` is false. */
export function createPaint(enabled: boolean): Paint {
  const style =
    ([open, close]: readonly [number, number]) =>
    (text: string) =>
      enabled ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: style(codes.bold),
    dim: style(codes.dim),
    red: style(codes.red),
    green: style(codes.green),
    yellow: style(codes.yellow),
    cyan: style(codes.cyan),
  };
}

// https://no-color.org: any value that is not empty switches colours off.
function mayColour(stream: OutputStream, env: NodeJS.ProcessEnv, wanted: boolean): boolean {
  if (!wanted || (env['NO_COLOR'] ?? '') !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

export function createOutput(options: {
  stdout: OutputStream;
  stderr: OutputStream;
  env: NodeJS.ProcessEnv;
  format: string;
  quiet: boolean;
  colour: boolean;
}): Output {
  const { stdout, stderr, env, format } = options;
  const isJson = format === 'json';
  const live = stderr.isTTY === true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
  const isColoured = mayColour(stdout, env, options.colour);
  const areColouredMessages = mayColour(stderr, env, options.colour);
  let hasOpenLine = false;
  let waiting: { text: string; timer: NodeJS.Timeout } | undefined;
  const settle = () => {
    if (hasOpenLine) stderr.write('\r\u001b[2K');
    hasOpenLine = false;
    clearTimeout(waiting?.timer);
    waiting = undefined;
  };
  const line = (text: string) => {
    settle();
    stderr.write(`${printableOnTerminal(text, areColouredMessages)}\n`);
  };
  const lineLater = (text: string) => {
    if (waiting !== undefined) {
      waiting.text = text;
      return;
    }
    const timer = setTimeout(() => line(waiting?.text ?? text), redrawDelayMs);
    timer.unref();
    waiting = { text, timer };
  };
  return {
    format,
    isJson,
    isColoured,
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    paint: createPaint(isColoured),
    paintProgress: createPaint(areColouredMessages),
    data: (text) => {
      settle();
      const shown = printableOnTerminal(text, isColoured);
      stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
    },
    json: (schema, document) => {
      settle();
      stdout.write(`${printableJson({ schema, ...document })}\n`);
    },
    progress: (text) => {
      if (!options.quiet) line(text);
    },
    redraw: (text) => {
      if (options.quiet) return;
      if (!live) {
        lineLater(text);
        return;
      }
      stderr.write(`\r\u001b[2K${printableOnTerminal(text, areColouredMessages).slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`);
      hasOpenLine = true;
    },
    settle,
    problem: line,
  };
}

/** Our own colours, line ends and tabs pass; whatever else a terminal would obey came with foreign text and is written out. */
export function printableOnTerminal(text: string, mayHoldColours: boolean): string {
  // oxlint-disable-next-line no-control-regex -- the colours are control characters
  const kept = mayHoldColours ? /(\u001b\[\d{1,2}m|[\n\t])/ : /([\n\t])/;
  return text
    .split(kept)
    .map((part, at) => (at % 2 === 1 ? part : printable(part)))
    .join('');
}

/**
 * The format that was asked for: `--json` is short for `--format json`.
 * @throws CliError (exit 2) when the command does not speak it, naming those it does.
 */
export function chooseFormat(asked: { format?: string | undefined; json?: boolean | undefined }, spoken: readonly string[]): string {
  if (asked.json === true && asked.format !== undefined && asked.format !== 'json') {
    throw usageError(`--json and --format ${asked.format} contradict each other`, 'give one of the two');
  }
  const format = asked.json === true ? 'json' : (asked.format ?? 'text');
  if (spoken.includes(format)) return format;
  throw usageError(`this command has no format "${format}"`, `use one of: ${spoken.map((name) => `--format ${name}`).join(', ')}`);
}
