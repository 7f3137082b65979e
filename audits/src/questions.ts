import type { CheckReport } from './review.ts';
import { couldNotLook } from './verdict.ts';

interface Question {
  readonly question: string;
  /** Checks of these requirements speak for or against it. */
  readonly requirements: RegExp;
  /** Without a check of each of these that looked, there is no yes. */
  readonly essential: readonly string[];
}

/** The questions a review answers (REV-03). */
const questions: readonly Question[] = [
  {
    question: 'Can it serve more than 1,000 concurrent users?',
    requirements: /^(DB-01|DB-02|DB-09|DB-10|DB-12|TEST-04|WS-08|DEPLOY-07)$/,
    essential: ['DB-01', 'TEST-04'],
  },
  { question: 'Is data safe from unauthorised access?', requirements: /^(SEC-|CONF-02$)/, essential: ['SEC-05', 'SEC-09', 'SEC-10'] },
  { question: 'Are errors caught and logged?', requirements: /^(OBS-01|OBS-02|ARCH-02)$/, essential: ['ARCH-02', 'OBS-01'] },
  {
    question: 'Can it be deployed without downtime?',
    requirements: /^(DB-04|DB-05|DB-07|DEPLOY-01|DEPLOY-02|DEPLOY-03|OBS-03)$/,
    essential: ['DB-04', 'DEPLOY-01', 'DEPLOY-02'],
  },
  { question: 'Can it be debugged quickly?', requirements: /^(OBS-|RUN-)/, essential: ['OBS-01', 'OBS-04', 'RUN-01'] },
  {
    question: 'Does it recover from Redis and database failures?',
    requirements: /^(CACHE-|DB-11|DB-12|DB-13|DEPLOY-04)/,
    essential: ['CACHE-03', 'DB-12', 'DEPLOY-04'],
  },
  { question: 'Are sockets managed at scale?', requirements: /^WS-/, essential: ['WS-08'] },
  { question: 'Is it maintainable?', requirements: /^(ARCH-|API-|TEST-05)/, essential: ['ARCH-01', 'ARCH-02'] },
];

export interface Answer {
  readonly question: string;
  /** `unknown` when what is essential was not looked at: never a yes without evidence. */
  readonly answer: 'yes' | 'with reservations' | 'no' | 'unknown';
  /** One sentence naming the checks. */
  readonly evidence: string;
}

/** Answers each question from the reports: no on an open critical or high finding, unknown without evidence. */
export function answerQuestions(checks: readonly CheckReport[]): Answer[] {
  return questions.map(({ question, requirements, essential }) => {
    const about = checks.filter((check) => check.requirements.some((id) => requirements.test(id)));
    const looked = about.filter((check) => check.outcome === 'pass' || check.outcome === 'fail');
    const failed = looked.filter((check) => check.outcome === 'fail');
    const grave = failed.filter((check) =>
      check.findings.some((finding) => !finding.waived && (finding.severity === 'critical' || finding.severity === 'high')),
    );
    const blind = about.filter(couldNotLook);
    if (grave.length > 0) return { question, answer: 'no', evidence: `Found by ${names(grave)}.` };
    if (blind.length > 0) return { question, answer: 'unknown', evidence: `Could not look: ${names(blind)}.` };
    if (looked.length === 0) return { question, answer: 'unknown', evidence: 'No check in this review looks at it.' };
    if (failed.length > 0) return { question, answer: 'with reservations', evidence: `Smaller findings by ${names(failed)}.` };
    const things = looked.reduce((sum, check) => sum + check.examined, 0);
    const clean = `${looked.length} ${looked.length === 1 ? 'check' : 'checks'} looked at ${things} things and found nothing open (${names(looked)})`;
    const uncovered = essential.filter((id) => !looked.some((check) => check.requirements.includes(id)));
    if (uncovered.length > 0) {
      return { question, answer: 'unknown', evidence: `${clean}, but no check in this review shows ${uncovered.join(', ')}.` };
    }
    return { question, answer: 'yes', evidence: `${clean}.` };
  });
}

const namesMax = 6;

function names(checks: readonly CheckReport[]): string {
  const rest = checks.length - namesMax;
  return (
    checks
      .slice(0, namesMax)
      .map((check) => check.id)
      .join(', ') + (rest > 0 ? ` and ${rest} more` : '')
  );
}
