import type { Sight } from './sight.ts';

/** One thing that is wrong now. `confidence` from 0 to 1 ranks it; evidence is what was seen, line by line. */
export interface Found {
  /** When the declared title can be said more exactly. */
  readonly title?: string;
  readonly confidence: number;
  readonly evidence: readonly string[];
  /** The next thing to type, for a cause that is cured by an existing command. */
  readonly next?: string;
  /** What `doctor --cure <id>` does, for a cause that is cured inside a server. */
  readonly cure?: Cure;
}

export interface Cure {
  /** What will be done, one line each, as it will be sent. */
  readonly does: readonly string[];
  readonly run: (tools: CureTools) => Promise<void>;
}

/** What a cure may touch. */
export interface CureTools {
  /** Runs statements one after the other, each by itself: as the administrator of the local stack, else as the given user. */
  sql(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  redis(...words: readonly string[]): Promise<unknown>;
  say(line: string): void;
}

export interface CauseDeclaration {
  /** The file's name, and that of its page: `runbooks/causes/<id>.md`. */
  readonly id: string;
  readonly title: string;
  /** Causes that only follow from this one: left out while this one is there. */
  readonly explains?: readonly string[];
  /** Undefined: not now. Judges only what was seen in this look. */
  readonly judge: (sight: Sight) => Found | undefined;
}

/** Declares one cause. @throws TypeError for a declaration that breaks the contract. */
export function defineCause(declaration: CauseDeclaration): CauseDeclaration {
  if (!/^[a-z]+(-[a-z]+)*$/.test(declaration.id))
    throw new TypeError(`cause "${declaration.id}": the id is lower case words joined by "-"`);
  if (declaration.title.trim() === '') throw new TypeError(`cause "${declaration.id}": the title is empty`);
  return Object.freeze(declaration);
}

/** Where the page of a cause stands, from the repository's root. */
export function pageOf(id: string): string {
  return `runbooks/causes/${id}.md`;
}
