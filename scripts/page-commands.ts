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

/** What stands on several pages is run once; what sets the shell up is kept wherever it stands. */
export function withoutRepeats(blocks: readonly (readonly PageCommand[])[]): PageCommand[][] {
  const seen = new Set<string>();
  const isNew = ({ text }: PageCommand) => /^(eval|export|cd) /.test(text) || !(seen.has(text) || !seen.add(text));
  return blocks.map((block) => block.filter(isNew)).filter((block) => block.length > 0);
}

export interface Ended extends PageCommand {
  readonly exitCode: number;
  readonly output: string;
}

const mark = '\u0001page-command';
const timeoutMs = 120_000;

/**
 * Runs the lines of a block in one bash and tells how each ended. `redli` takes the words of `redis-cli`: either will do. `npx` finds
 * the launchers that are on the path here, and would take a second for each; a test of its own runs it as it is.
 */
export function runBlock(
  block: readonly PageCommand[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended[]> {
  const lines = block.map(({ text }) => `${inHome(text, options.env)}\nprintf '%s %s\\n' '${mark}' "$?"`);
  const script = ['set -o pipefail', 'command -v redli >/dev/null || redli() { redis-cli "$@"; }', 'npx() { "$@"; }', ...lines].join('\n');
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

const couldNotLook = 3;
const attemptsMax = 3;

/** The same; a block with a command that could not look, which a busy machine explains and a stuck one repeats, is run again. */
export async function runBlockPatiently(...[block, options]: Parameters<typeof runBlock>): Promise<Ended[]> {
  for (let attempt = 1; ; attempt += 1) {
    const ended = await runBlock(block, options);
    if (attempt === attemptsMax || !ended.some(({ exitCode }) => exitCode === couldNotLook)) return ended;
  }
}

/** Pages say where a stack keeps its files as a rule; SANCTUM_HOME says where this one does. */
function inHome(text: string, env: NodeJS.ProcessEnv): string {
  return env['SANCTUM_HOME'] === undefined ? text : text.replaceAll(/(?<![\w/.])\.sanctum(?=\/|\s|$)/g, '"$SANCTUM_HOME"');
}

const sigpipe = 141;

/**
 * What is wrong with a command that was run on a healthy stack, if anything: 1 is a finding or a search without a match, and
 * `head` may end the writer before it; every other end means that the reader of the page is stuck.
 */
export function faultOf({ page, line, text, exitCode, output }: Ended): string | undefined {
  const where = `${page}:${line}: ${text}`;
  // Settings of a development stack under the rules of production: it says what is wrong, as the page wants it to.
  const judgesSettings = text.includes('config check') && exitCode === 2 && output.includes('would refuse to start');
  if (![0, 1, sigpipe].includes(exitCode) && !judgesSettings) return `${where}\n  ended with ${exitCode}: ${output.trim().slice(-300)}`;
  const speaks = /^(npx sanctum-ops|curl|redis-cli|redli|make|df|openssl) /.test(text) && !text.includes('| grep');
  if (speaks && output.trim() === '') return `${where}\n  printed nothing`;
  return undefined;
}
