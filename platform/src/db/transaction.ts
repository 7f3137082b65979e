/**
 * One transaction: begun, repeated after a deadlock or a serialization failure, and followed by what was to wait for its
 * commit. What follows begins when the connection is back in the pool, in the order in which it was asked for.
 */
import type pg from 'pg';
import { AppError } from '../errors.ts';
import { runDetached } from '../telemetry/request-context.ts';
import { type Execute, toAppError } from './execute.ts';
import type { AfterCommitWork, Executor } from './executor.ts';
import { isConnectionLost, isRetryable, isTimeout } from './sqlstate.ts';

export type Follow = (work: AfterCommitWork) => void;

type OnClient = <U>(work: (client: pg.PoolClient) => Promise<U>) => Promise<U>;

export interface TransactionDependencies {
  readonly execute: Execute;
  readonly follow: Follow;
}

const attemptsMax = 3;
/** Of one transaction. */
const followersMax = 1000;

/** Begins work that nobody waits for and that cannot fail its caller. */
export function createFollow(onFailed: (error: unknown) => void): Follow {
  return (work) => {
    runDetached(() => Promise.try(work)).catch(onFailed);
  };
}

export function createTransactions({ execute, follow }: TransactionDependencies) {
  async function attempt<T>(client: pg.PoolClient, work: (tx: Executor) => Promise<T>) {
    const followers: AfterCommitWork[] = [];
    const tx: Executor = {
      ...withCardinality((query, params) => execute(client, query, params)),
      afterCommit: (follower) => {
        if (followers.length >= followersMax)
          throw new Error(`more than ${followersMax} pieces of work wait for one commit: announce many things as one`);
        followers.push(follower);
      },
    };
    await control(client, 'begin');
    try {
      const result = await work(tx);
      await control(client, 'commit');
      return { result, followers };
    } catch (error) {
      await rollback(client, error);
      throw error;
    }
  }

  return async <T>(onClient: OnClient, work: (tx: Executor) => Promise<T>): Promise<T> => {
    for (let count = 1; ; count += 1) {
      try {
        const { result, followers } = await onClient((client) => attempt(client, work));
        for (const follower of followers) follow(follower);
        return result;
      } catch (error) {
        if (count >= attemptsMax || !isRetryable(error)) throw error;
      }
    }
  };
}

/** The three forms of a query, from the general one. */
export function withCardinality(run: Executor['run']): Pick<Executor, 'run' | 'one' | 'maybeOne'> {
  const maybeOne: Executor['maybeOne'] = async (query, params) => (await run(query, params))[0];
  return {
    run,
    maybeOne,
    one: async (query, params) => {
      const row = await maybeOne(query, params);
      if (row === undefined) throw new Error(`query "${query.name}" promised a row and returned none`);
      return row;
    },
  };
}

async function control(client: pg.PoolClient, statement: 'begin' | 'commit'): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    throw toAppError(error);
  }
}

async function rollback(client: pg.PoolClient, reason: unknown): Promise<void> {
  const cause = reason instanceof AppError ? reason.cause : reason;
  if (isTimeout(cause) || isConnectionLost(cause)) return; // The client is destroyed; the server rolls back.
  await client.query('rollback');
}
