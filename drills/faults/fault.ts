/** A fault that an operator may meet, how it is made, and how its finding's own fix takes it away. */
import pg from 'pg';
import type { DrillStack } from '../lib/stack.ts';
import type { Finding, Severity } from './review.ts';

export interface Scene {
  readonly stack: DrillStack;
  /** The copy of the checkout that the stack runs from. */
  readonly root: string;
}

export interface Fault {
  readonly name: string;
  /** The check that has to name it, and how heavily. */
  readonly check: string;
  readonly severity: Severity;
  /** How the table calls the way back: the finding's fix as it was printed, or taking the edit back where the fix is advice. */
  readonly wayBack: 'fix pasted' | 'undone';
  /** Text that the finding's subject, detail or location holds, so that another finding of the check is not taken for it. */
  readonly names: string;
  /** Settings of the shell in which the review is run. */
  readonly env?: Readonly<Record<string, string>>;
  plant(scene: Scene): Promise<void>;
  /** Settings of the shell afterwards, where the way back is a setting. */
  cure(scene: Scene, finding: Finding): Promise<Readonly<Record<string, string>> | void>;
  /** Runs whatever happened. */
  tidy?(scene: Scene): Promise<void>;
}

/** Runs SQL as the platform's role, as somebody at psql would. */
export async function runSql({ stack }: Scene, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: stack.addresses().databaseUrl, application_name: 'drill' });
  await client.connect();
  try {
    // One at a time, as psql sends them: "concurrently" refuses to stand in a transaction with others.
    for (const statement of text.split(/;\s*(?:\n|$)/).filter((part) => part.replaceAll(/--.*$/gm, '').trim() !== ''))
      await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Pastes the fix into bash. Throws with its output when it fails. */
export async function pasteShell({ stack }: Scene, { fix }: Finding): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.paste(fix);
  if (exitCode !== 0) throw new Error(`the fix ended with ${exitCode} when pasted:\n${fix}\n${stderr}${stdout}`);
}
