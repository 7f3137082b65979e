/**
 * Exit codes of `sanctum-ops`, the same for every command. 3 wins over 0, 1 wins over 3.
 * 70 follows sysexits.h (EX_SOFTWARE), 130 the shells' habit for an interrupt.
 */
export const exitCodes = {
  fine: 0,
  /** A check found something, a verdict is NO-GO, or a step of the stack failed. */
  findings: 1,
  /** Unknown command, flag or value; configuration that cannot be used. */
  usage: 2,
  /** Something required could not be looked at. */
  inconclusive: 3,
  /** The tool itself failed. */
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
