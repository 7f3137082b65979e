/** What a feature's tests have to know of it and no test of its own says: `<feature>.expectations.ts`, found by its name. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Expectation, Probe } from './rows.ts';

export interface FeatureExpectations {
  /** Rows of the access matrix, by operation. */
  readonly access: Readonly<Record<string, Expectation>>;
  /** Constraints that no request can violate without a fault of ours, each with what keeps it from happening. */
  readonly constraintBugs: Readonly<Record<string, string>>;
  /** Requests of routes about somebody, answered to whom is hidden from them as if there were nobody. */
  readonly hiddenProbes?: Readonly<Record<string, readonly Probe[]>>;
  /** Such routes that answer all the same, each with why. */
  readonly notProbed?: Readonly<Record<string, string>>;
  /** Queries that touch people and hide nobody from the reader, each with why it need not. */
  readonly hidesNobody?: Readonly<Record<string, string>>;
}

const features = join(import.meta.dirname, '../../src/features');

export async function readExpectations(): Promise<(FeatureExpectations & { readonly file: string })[]> {
  const files = globSync('**/*.expectations.ts', { cwd: features }).toSorted();
  // Bounded by the folders of the features.
  return await Promise.all(
    files.map(async (file) => {
      const module = (await import(join(features, file))) as { readonly default?: FeatureExpectations };
      if (module.default === undefined) throw new Error(`${file}: export the expectations as the default`);
      return { file, ...module.default };
    }),
  );
}
