/** Environment variables that nobody reads because their names were mistyped. */
import { settings } from './settings.ts';

export interface MisspelledSetting {
  /** The variable as it was written. */
  readonly given: string;
  /** The setting it was probably meant to be. */
  readonly meant: string;
}

/** Shorter names (HOST, PORT) have too many neighbours that belong to other programs. */
const lengthMin = 8;
const editsMax = 2;

const declared = Object.values(settings);
const known: ReadonlySet<string> = new Set(declared.flatMap(({ env, secret }) => (secret === true ? [env, `${env}_FILE`] : [env])));
const candidates = [...known].filter((name) => name.length >= lengthMin);

/** Every variable within two edits of a setting's name whose setting is itself not given. */
export function misspelledSettings(environment: Readonly<Record<string, string | undefined>>): MisspelledSetting[] {
  return Object.keys(environment).flatMap((given) => {
    if (environment[given] === undefined || known.has(given) || given.length < lengthMin) return [];
    const meant = candidates.find(
      (name) => Math.abs(name.length - given.length) <= editsMax && editsBetween(given.toUpperCase(), name) <= editsMax,
    );
    // Where the setting itself is given, the neighbour is another program's.
    return meant === undefined || environment[meant] !== undefined ? [] : [{ given, meant }];
  });
}

/** Levenshtein's distance with one row of memory. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
