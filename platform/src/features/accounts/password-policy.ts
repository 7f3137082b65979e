/** What a new password must not be. NIST SP 800-63B §3.1.1.2: length and a list of known ones, no composition rules. */
import { commonPasswords } from './common-passwords.ts';

const charactersMin = 10;
const distinctCharactersMin = 4;
/** Shorter parts of a name are in too many good passwords. */
const namePartCharactersMin = 4;

export interface PasswordOwner {
  readonly username: string;
  readonly email: string;
}

/** Why a password is too easy to guess; undefined when it is not. */
export function weaknessOf(password: string, owner: PasswordOwner): string | undefined {
  const plain = password.normalize('NFKC').toLowerCase();
  const characters = Array.from(plain);
  if (characters.length < charactersMin) return `use at least ${charactersMin} characters`;
  if (new Set(characters).size < distinctCharactersMin) return `use at least ${distinctCharactersMin} different characters`;
  if (isRun(characters)) return 'do not use a run such as "abcdefghij" or "1234567890"';
  if (commonPasswords.has(plain) || commonPasswords.has(withoutEnding(plain))) return 'do not use a common password';
  for (const part of [owner.username, owner.email.split('@')[0] ?? '']) {
    if (part.length >= namePartCharactersMin && plain.includes(part.toLowerCase())) return 'do not use your own name or e-mail address';
  }
  return undefined;
}

/** Each character is the one after (or before) its neighbour, or repeats a short pattern of such. */
function isRun(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  // 9 → 0 closes the circle of digits.
  steps.delete(-9);
  return steps.size === 1 && (steps.has(1) || steps.has(-1) || steps.has(0));
}

/** "sunshine2024!!" is "sunshine" to anyone who guesses. */
function withoutEnding(plain: string): string {
  return plain.replace(/[\d\W_]+$/u, '');
}
