import type { ParsedStatement, SyntaxProblem } from './parser.ts';
import type { SqlStatement } from './statements.ts';

/** One statement of a file or of a body inside it. */
export interface LintStatement extends SqlStatement {
  readonly parsed: readonly ParsedStatement[];
  readonly error: SyntaxProblem | null;
  /** `do`: inside a block that runs now. `function`: inside a function that runs when called. */
  readonly within: 'file' | 'do' | 'function';
  /** 1-based line of its last character. */
  readonly lastLine: number;
}
