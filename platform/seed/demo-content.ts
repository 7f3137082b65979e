/** Makes the demo data: who wrote what, when, and who liked it. The same every time but for the moment it ends at. */
import { hobbies } from './hobbies/all.ts';
import type { Hobby } from './hobbies/hobby.ts';
import { demoPeople } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { openers, replies } from './small-talk.ts';

const seed = 8375;
const dayMs = 24 * 3600 * 1000;
const periodMs = 30 * dayMs;
/** Comments of the post that is talked about most; the n-th has about this divided by the root of n. */
const commentsTop = 39;
/** Share of the members of a sanctum who like its most liked post. */
const likesTopShare = 0.95;
const replyShare = 0.62;
const threadDepthMax = 8;

export interface DemoLike {
  readonly person: number;
  readonly at: number;
}

export interface DemoComment {
  /** Position of the parent among the post's comments; null for a root. */
  readonly parent: number | null;
  readonly author: number;
  readonly depth: number;
  readonly body: string;
  readonly at: number;
  readonly likes: readonly DemoLike[];
}

export interface DemoPost {
  readonly hobby: number;
  readonly author: number;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly at: number;
  readonly likes: readonly DemoLike[];
  readonly comments: readonly DemoComment[];
}

export interface DemoMembership {
  readonly hobby: number;
  readonly person: number;
  readonly role: 'owner' | 'moderator' | 'member';
}

export interface DemoContent {
  readonly memberships: readonly DemoMembership[];
  /** In the order they were written. */
  readonly posts: readonly DemoPost[];
}

/** People are numbers: positions in `demoPeople`; hobbies likewise. Times are Unix milliseconds, none after `endsAt`. */
export function makeDemoContent({ endsAt }: { readonly endsAt: number }): DemoContent {
  const random = createRandom(seed);
  const memberships = hobbies.flatMap((hobby, index) => makeMemberships(random, hobby, index));
  const drafts = random.shuffled(hobbies.flatMap((hobby, index) => hobby.posts.map((post) => ({ hobby, index, post }))));
  const posts = drafts.map(({ hobby, index, post }, position): DemoPost => {
    const members = memberships.filter((membership) => membership.hobby === index).map(({ person }) => person);
    const author = random.pick(members);
    // The first posts of the shuffled list are the ones people talk about.
    const at = endsAt - Math.floor(periodMs * random.next() ** 1.7) - 25 * 60_000;
    const likeShare = (likesTopShare / (position + 1) ** 0.27) * (0.7 + 0.3 * random.next());
    const comments = makeComments(random, hobby, { members, author, at, endsAt, count: Math.round(commentsTop / Math.sqrt(position + 1)) });
    return {
      hobby: index,
      author,
      title: post.title,
      body: post.body ?? '',
      url: post.url ?? null,
      at,
      likes: makeLikes(random, members, likeShare, at, endsAt),
      comments,
    };
  });
  return { memberships, posts: posts.sort((left, right) => left.at - right.at) };
}

function makeMemberships(random: Random, hobby: Hobby, index: number): DemoMembership[] {
  const share = hobby.visibility === 'private' ? 0.2 : 0.65;
  const others = random.shuffled(demoPeople.map((_, person) => person).slice(1)).slice(0, Math.round(demoPeople.length * share));
  const owner = hobby.visibility === 'private' ? 0 : (others[0] ?? 0);
  const people = [owner, ...(owner === 0 ? others : [0, ...others.slice(1)])];
  return people.map((person, position) => ({
    hobby: index,
    person,
    role: position === 0 ? 'owner' : position === 2 ? 'moderator' : 'member',
  }));
}

interface ThreadOptions {
  readonly members: readonly number[];
  readonly author: number;
  readonly at: number;
  readonly endsAt: number;
  readonly count: number;
}

function makeComments(random: Random, hobby: Hobby, { members, author, at, endsAt, count }: ThreadOptions): DemoComment[] {
  const comments: DemoComment[] = [];
  const said = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const candidates = comments.map((_, position) => position).filter((position) => (comments[position]?.depth ?? 0) < threadDepthMax);
    const parent = candidates.length > 0 && random.next() < replyShare ? random.pick(candidates) : null;
    const above = parent === null ? undefined : comments[parent];
    const others = members.filter((person) => person !== (above?.author ?? author));
    const answersOwnPost = above !== undefined && above.author !== author && random.next() < 0.3;
    const writtenAt = between(random, above?.at ?? at, endsAt);
    comments.push({
      parent,
      author: answersOwnPost ? author : random.pick(others),
      depth: above === undefined ? 0 : above.depth + 1,
      body: makeBody(random, hobby, above !== undefined, said),
      at: writtenAt,
      likes: makeLikes(random, members, 0.6 * random.next() ** 3, writtenAt, endsAt),
    });
  }
  return comments;
}

/** Soon after something rather than late: people answer what they have read this evening. */
function between(random: Random, from: number, until: number): number {
  return from + Math.floor(Math.min(until - from, 6 * dayMs) * random.next() ** 2);
}

const bodyAttemptsMax = 20;

function makeBody(random: Random, hobby: Hobby, isReply: boolean, said: Set<string>): string {
  let body = '';
  for (let attempt = 0; attempt < bodyAttemptsMax; attempt += 1) {
    body = draftBody(random, hobby, isReply);
    if (!said.has(body)) break;
  }
  said.add(body);
  return body;
}

function draftBody(random: Random, hobby: Hobby, isReply: boolean): string {
  const roll = random.next();
  if (isReply && roll < 0.65) return random.pick(replies);
  if (roll < 0.8) return `${random.pick(openers)} ${random.pick(hobby.remarks)}`;
  return random.pick(hobby.remarks);
}

function makeLikes(random: Random, members: readonly number[], share: number, from: number, until: number): DemoLike[] {
  const people = random.shuffled(members).slice(0, Math.round(members.length * share));
  return people.map((person) => ({ person, at: between(random, from, until) }));
}
