/**
 * One SQL statement with a name. The declaration serves the prepared statement, metrics, span and slow log
 * names, a constant comment for pg_stat_activity, routing, and the plan audit.
 */
import type { z } from 'zod';
import { kindOf, type QueryKind } from './kinds.ts';

/** PostgreSQL types a parameter may have; the suffix `?` allows null. */
interface ParameterTypes {
  bigint: string;
  uuid: string;
  text: string;
  integer: number;
  'double precision': number;
  boolean: boolean;
  timestamptz: Date;
  bytea: Buffer;
  json: string;
  pg_snapshot: string;
  'bigint[]': readonly string[];
  'text[]': readonly string[];
}

type BaseType = keyof ParameterTypes;
export type ParameterType = BaseType | `${BaseType}?`;
type ParameterValue<T extends ParameterType> = T extends BaseType
  ? ParameterTypes[T]
  : T extends `${infer B extends BaseType}?`
    ? ParameterTypes[B] | null
    : never;

export type ParameterDeclaration = Readonly<Record<string, ParameterType>>;
export type Parameters<D extends ParameterDeclaration> = { readonly [K in keyof D]: ParameterValue<D[K]> };

export interface QueryDeclaration<D extends ParameterDeclaration, R> {
  /** `<feature>.<snake_case>`: what metrics, logs and pg_stat_activity show. */
  readonly name: string;
  /** Where it may run: a read may go to a replica. */
  readonly access: 'read' | 'write';
  /** Parameters in the order of $1, $2, … with their PostgreSQL types. */
  readonly params: D;
  readonly text: string;
  /**
   * The promise, from which two things follow: a statement that takes longer is logged as a slow query, and one that takes
   * longer than its bound is cancelled on the server and answered with `server.query_over_budget`.
   */
  readonly budgetMs: number;
  /** Left out: twenty budgets and at least two seconds, so that a busy machine, which slows everything, cancels nothing. */
  readonly boundMs?: number;
  /** Whose share of the pool it uses. Left out: told by its feature and access (kinds.ts). */
  readonly kind?: QueryKind;
  /** Indexes the plan has to use; the plan audit holds the database to it. */
  readonly usesIndex: readonly string[];
  /** Values with which the statement can be explained on any database. */
  readonly sample: Parameters<D>;
  /** Shape of a row; checked on every row in tests. */
  readonly row: z.ZodType<R>;
}

export interface Query<D extends ParameterDeclaration = ParameterDeclaration, R = unknown> extends QueryDeclaration<D, R> {
  readonly parameterNames: readonly string[];
  readonly boundMs: number;
  readonly kind: QueryKind;
}

const budgetsPerBound = 20;
const boundMsMin = 2000;

/** Declares a statement. Throws at start-up when the name or the parameters do not fit the text. */
export function defineQuery<const D extends ParameterDeclaration, R>(declaration: QueryDeclaration<D, R>): Query<D, R> {
  if (!/^[a-z]+(_[a-z]+)*\.[a-z0-9]+(_[a-z0-9]+)*$/.test(declaration.name)) {
    throw new Error(`query name "${declaration.name}": write it as feature.snake_case`);
  }
  const parameterNames = Object.keys(declaration.params);
  const used = new Set([...declaration.text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
  for (const position of used) {
    if (position < 1 || position > parameterNames.length) {
      throw new Error(`query "${declaration.name}" uses $${position} but declares ${parameterNames.length} parameters`);
    }
  }
  if (used.size !== parameterNames.length) {
    throw new Error(`query "${declaration.name}" declares ${parameterNames.length} parameters and uses ${used.size}`);
  }
  // After the first word: pg_stat_statements drops a comment that leads the statement.
  const text = declaration.text.trim().replace(/^\w+/, `$& /* ${declaration.name} */`);
  const { budgetMs, boundMs = Math.max(boundMsMin, budgetsPerBound * budgetMs), kind = kindOf(declaration) } = declaration;
  if (boundMs < budgetMs)
    throw new Error(`query "${declaration.name}": boundMs lies below budgetMs, it would be cancelled before it is slow`);
  return { ...declaration, text, parameterNames, boundMs, kind };
}

/** A type-erased entry, as the catalogue and the audits see it. */
export interface CatalogueQuery {
  readonly name: string;
  readonly access: 'read' | 'write';
  readonly params: ParameterDeclaration;
  readonly parameterNames: readonly string[];
  readonly text: string;
  readonly budgetMs: number;
  readonly usesIndex: readonly string[];
  readonly sample: Readonly<Record<string, unknown>>;
  readonly row: z.ZodType;
}
