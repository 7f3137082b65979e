import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput, printableOnTerminal } from './output.ts';

function createTestOutput(options: { isTTY: boolean; quiet?: boolean }) {
  let text = '';
  const stream = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        done();
      },
    }),
    { isTTY: options.isTTY, columns: 40 },
  );
  const output = createOutput({ stdout: stream, stderr: stream, env: {}, format: 'text', quiet: options.quiet ?? false, colour: false });
  return { output, text: () => text };
}

test('without a terminal, what takes longer than a second says once what it is about', async () => {
  const { output, text } = createTestOutput({ isTTY: false });
  output.redraw('· first');
  output.redraw('· second');
  expect(text()).toBe('');
  await expect.poll(text, { timeout: 3_000 }).toBe('· second\n');
});

test('what ends within a second leaves no progress behind', async () => {
  const { output, text } = createTestOutput({ isTTY: false });
  output.redraw('· short');
  output.settle();
  output.redraw('· long');
  await expect.poll(text, { timeout: 3_000 }).toBe('· long\n');
});

test('on a terminal the line is cut to its width and taken back before data', () => {
  const { output, text } = createTestOutput({ isTTY: true });
  output.redraw('x'.repeat(100));
  output.data('data');
  expect(text()).toBe(`\r\u001b[2K${'x'.repeat(39)}\r\u001b[2Kdata\n`);
});

test('quiet shows no progress at all', () => {
  const { output, text } = createTestOutput({ isTTY: true, quiet: true });
  output.redraw('· a');
  output.progress('b');
  expect(text()).toBe('');
});

test('foreign text cannot move the cursor, end a line or turn the reading direction; our own colours pass', () => {
  const hostile = 'a\u001b[2Jb\u0007\u202ec\r';
  expect(printableOnTerminal(hostile, true)).toBe(String.raw`a\u{1b}[2Jb\u{7}\u{202e}c\r`);
  expect(printableOnTerminal('\u001b[31mred\u001b[39m\n\tx', true)).toBe('\u001b[31mred\u001b[39m\n\tx');
  expect(printableOnTerminal('\u001b[31mred', false)).toBe(String.raw`\u{1b}[31mred`);
});
