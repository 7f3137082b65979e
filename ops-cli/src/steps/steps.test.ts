import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from '../output.ts';
import { runSteps, StepFailed } from './steps.ts';

function output() {
  const stderr = new PassThrough();
  const chunks: string[] = [];
  stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const made = createOutput({ stdout: new PassThrough(), stderr, env: {}, format: 'text', quiet: false, colour: false });
  return { made, text: () => chunks.join('') };
}

test('steps are named with their time and detail, without a terminal line by line', async () => {
  const { made, text } = output();
  const records = await runSteps(
    [
      { name: 'first', run: async () => 'done' },
      { name: 'second', run: async () => undefined },
    ],
    made,
    new AbortController().signal,
  );
  expect(records.map((record) => [record.name, record.detail])).toEqual([
    ['first', 'done'],
    ['second', undefined],
  ]);
  expect(text()).toMatch(/^✓ first +\d\.\d\d s {2}done\n✓ second +\d\.\d\d s\n$/);
});

test('a failing step names itself, keeps code, fix and log lines, and ends the run', async () => {
  const { made } = output();
  const cause = Object.assign(new Error('no room'), { code: 'DISK', fix: 'make room', logTail: ['last line'] });
  let isReached = false;
  const error: unknown = await runSteps(
    [
      { name: 'first', run: async () => Promise.reject(cause) },
      {
        name: 'second',
        run: async () => {
          isReached = true;
          return undefined;
        },
      },
    ],
    made,
    new AbortController().signal,
  ).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StepFailed);
  expect(error).toMatchObject({ step: 'first', code: 'DISK', fix: 'make room', logTail: ['last line'] });
  expect(isReached).toBe(false);
});
