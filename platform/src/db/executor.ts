import type { ParameterDeclaration, Parameters, Query } from './query.ts';

export type AfterCommitWork = () => void | Promise<void>;

/** What a repository needs: the pool, or one transaction. */
export interface Executor {
  run<D extends ParameterDeclaration, R>(query: Query<D, R>, params: Parameters<D>): Promise<R[]>;
  /** The only row. Throws when there is none. */
  one<D extends ParameterDeclaration, R>(query: Query<D, R>, params: Parameters<D>): Promise<R>;
  maybeOne<D extends ParameterDeclaration, R>(query: Query<D, R>, params: Parameters<D>): Promise<R | undefined>;
  /**
   * Begins `work` once what this executor wrote is committed: at the end of its transaction and never after a rollback; at
   * once where each statement commits by itself. Nobody waits for it, but what it does before its first `await` is done when
   * `transaction` returns. It runs outside the request's statement budget. A failure is reported and changes nothing.
   */
  afterCommit(work: AfterCommitWork): void;
}
