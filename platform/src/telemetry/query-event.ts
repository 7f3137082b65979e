/** What is told of one statement that ran: to metrics, to the slow log, to whoever counts. */

export type CancelReason = 'over-budget' | 'client-gone';

export interface QueryEvent {
  readonly name: string;
  readonly durationMs: number;
  readonly rows: number;
  readonly budgetMs: number;
  readonly outcome: 'ok' | 'error';
  readonly sqlState: string | undefined;
  /** Why it was cancelled on the server, if it was. */
  readonly cancelled: CancelReason | undefined;
}
