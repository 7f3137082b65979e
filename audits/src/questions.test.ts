import { expect, test } from 'vitest';
import { createCheckReport, createFinding } from '../test/reports.ts';
import { answerQuestions } from './questions.ts';
import type { CheckReport } from './review.ts';

const passed = (requirements: string[]) => createCheckReport({ requirements, examined: 4 });

function maintainable(checks: readonly CheckReport[]): string | undefined {
  return answerQuestions(checks).find(({ question }) => question === 'Is it maintainable?')?.answer;
}

test.each([
  ['no check at all', [], 'unknown'],
  ['a part of what is essential', [passed(['ARCH-01'])], 'unknown'],
  ['all that is essential', [passed(['ARCH-01']), passed(['ARCH-02'])], 'yes'],
  [
    'a high finding',
    [passed(['ARCH-01', 'ARCH-02']), createCheckReport({ requirements: ['ARCH-03'], outcome: 'fail', findings: [createFinding()] })],
    'no',
  ],
  [
    'a small finding',
    [
      passed(['ARCH-01', 'ARCH-02']),
      createCheckReport({ requirements: ['ARCH-03'], outcome: 'fail', findings: [createFinding({ severity: 'low' })] }),
    ],
    'with reservations',
  ],
  [
    'a check that could not look',
    [passed(['ARCH-01', 'ARCH-02']), createCheckReport({ requirements: ['ARCH-03'], outcome: 'error', examined: 0 })],
    'unknown',
  ],
])('%s gives its answer', (_name, checks, answer) => {
  expect(maintainable(checks)).toBe(answer);
});

test('an answer that is not known says which requirements nobody looked at', () => {
  const answer = answerQuestions([passed(['ARCH-01'])]).find(({ question }) => question === 'Is it maintainable?');
  expect(answer?.evidence).toContain('no check in this review shows ARCH-02');
});
