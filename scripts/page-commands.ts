/** The commands of our pages: what stands in their ```sh blocks, and how each ends when it is run as a reader would run it. */
import { spawn } from 'node:child_process';

export interface PageCommand {
  readonly page: string;
  /** Of the page, 1-based. */
  readonly line: number;
  /** The nearest heading above it. */
  readonly heading: string;
  readonly text: string;
}

/** Blocks of one page in their order; the lines of a block are run in one shell, because the first may set what the next needs. */
export function blocksOf(page: string, markdown: string): PageCommand[][] {
  const blocks: PageCommand[][] = [];
  let heading = '';
  let open: PageCommand[] | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    if (open === undefined && /^#+ /.test(text)) heading = text.replace(/^#+ /, '');
    if (open === undefined && text.startsWith('```sh')) open = [];
    else if (open !== undefined && text.startsWith('```')) {
      blocks.push(open);
      open = undefined;
    } else if (open !== undefined && text.trim() !== '' && !text.startsWith('#'))
      open.push({ page, line: index + 1, heading, text: text.replace(/\s+#\s.*$/, '').trim() });
  }
  return blocks;
}

export interface Ended extends PageCommand {
  readonly exitCode: number;
  readonly output: string;
}

const mark = '\u0001page-command';
const timeoutMs = 120_000;

/** Runs the lines of a block in one bash and tells how each ended. `redli` takes the words of `redis-cli`: either will do. */
export function runBlock(
  block: readonly PageCommand[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended[]> {
  const lines = block.map(({ text }) => `${text}\nprintf '%s %s\\n' '${mark}' "$?"`);
  const script = ['set -o pipefail', 'command -v redli >/dev/null || redli() { redis-cli "$@"; }', ...lines].join('\n');
  const { promise, resolve, reject } = Promise.withResolvers<Ended[]>();
  const child = spawn('bash', ['-c', `exec 2>&1\n${script}`], { ...options, stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.once('error', reject);
  child.once('close', () => {
    const parts = output.split(mark);
    // After each mark stands the exit code of the command before it.
    resolve(
      block.map((command, index) => {
        const [before = '', after] = [parts[index], parts[index + 1]];
        const exitCode = after === undefined ? Number.NaN : Number(/^ (\d+)/.exec(after)?.[1]);
        return { ...command, exitCode, output: index === 0 ? before : before.replace(/^ \d+\n/, '') };
      }),
    );
  });
  return promise;
}

const sigpipe = 141;

/**
 * What is wrong with a command that was run on a healthy stack, if anything: 1 is a finding or a search without a match, and
 * `head` may end the writer before it; every other end means that the reader of the page is stuck.
 */
export function faultOf({ page, line, text, exitCode, output }: Ended): string | undefined {
  const where = `${page}:${line}: ${text}`;
  if (![0, 1, sigpipe].includes(exitCode)) return `${where}\n  ended with ${exitCode}: ${output.trim().slice(-300)}`;
  const speaks = /^(npx sanctum-ops|curl|redis-cli|redli|make|df|openssl) /.test(text) && !text.includes('| grep');
  if (speaks && output.trim() === '') return `${where}\n  printed nothing`;
  return undefined;
}
