/** What a row of the access matrix is made of: who asks, about what, and what they may be told. */
import type { ErrorCode } from '../../src/errors.ts';

export const actors = ['anonymous', 'stranger', 'admin', 'member', 'author', 'moderator', 'owner'] as const;
/** `admin` administers the site and is no member; `author` is a member who wrote the post and the comment. */
export type Actor = (typeof actors)[number];

/** A status that means yes, or the code of the refusal. */
export type Answer = number | ErrorCode;
export type Row = Readonly<Record<Actor, Answer>>;

/** What a request is about; made anew for each case. */
export interface Objects {
  readonly sanctum: string;
  readonly postId: string;
  readonly commentId: string;
  /** A person who is not a member. */
  readonly candidate: string;
  /** Persons who are not members either: one is invited, one is banned. */
  readonly invited: string;
  readonly banned: string;
  /** The conversation of the sanctum, with a message of the author. */
  readonly conversationId: string;
  readonly messageId: string;
  /** A group: the owner's, with member, author and moderator as its members. */
  readonly groupId: string;
  /** Different in each case. */
  readonly serial: number;
}

export interface Expectation {
  readonly url?: (objects: Objects) => string;
  readonly payload?: (objects: Objects) => object;
  /** What the owner asks for before: the route then has something to tell of. */
  readonly before?: readonly { readonly method: 'POST' | 'PUT'; readonly url: (objects: Objects) => string; readonly payload?: object }[];
  /** The request ends the session it is sent with, so that each case needs its own. */
  readonly endsSession?: boolean;
  /** Answers about a public sanctum, its post and its comment; the only ones where there is no such object. */
  readonly public: Row;
  /** Answers about a private sanctum. */
  readonly private?: Row;
}

/** Addresses of what somebody said, and of the conversation of the two. */
interface Talk {
  readonly message: string;
  readonly direct: string;
}

/** A request about somebody, by the person's name and the ids of what they wrote. */
export interface Probe {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: (name: string, post: string, comment: string, talk: Talk) => string;
  readonly payload?: (comment: string) => object;
}

export const everyone = (answer: Answer): Row => ({
  anonymous: answer,
  stranger: answer,
  admin: answer,
  member: answer,
  author: answer,
  moderator: answer,
  owner: answer,
});
export const signedIn = (answer: Answer, exceptions: Partial<Row> = {}): Row => ({
  ...everyone(answer),
  anonymous: 'auth.required',
  ...exceptions,
});
export const outside = (answer: Answer): Partial<Row> => ({ stranger: answer, admin: answer });
export const moderated = (answer: Answer): Pick<Expectation, 'public' | 'private'> => {
  const row = signedIn('access.denied', { moderator: answer, owner: answer });
  return { public: row, private: row };
};
export const hidden = (code: ErrorCode): Partial<Row> => ({ anonymous: code, ...outside(code) });
/** Who is no member does not know of what is said in private, also in a public sanctum; an administrator neither. */
export const insiders = (
  answer: Answer,
  exceptions: Partial<Row> = {},
  absent: ErrorCode = 'conversation.not_found',
): Pick<Expectation, 'public' | 'private'> => {
  const row = signedIn(answer, { ...outside(absent), ...exceptions });
  return { public: row, private: row };
};
