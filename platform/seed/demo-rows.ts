/** Demo content as rows of the tables: positions become ids, Markdown becomes HTML. */
import { commentHtmlBytesMax } from '../src/features/comments/comments.schema.ts';
import { postHtmlBytesMax } from '../src/features/posts/posts.schema.ts';
import type { Markdown } from '../src/text/markdown.ts';
import type { DemoContent } from './demo-content.ts';
import { hobbies } from './hobbies/all.ts';
import { demoOwner, demoPeople } from './people.ts';

export interface DemoIds {
  readonly users: readonly string[];
  readonly sanctums: readonly string[];
  readonly posts: readonly string[];
  readonly comments: readonly string[];
}

export interface DemoSecrets {
  readonly ownerHash: string;
  /** Nobody knows the password of the other people. */
  readonly othersHash: string;
}

const accountAgeMs = 60 * 24 * 3600 * 1000;

export function userRows(ids: DemoIds, secrets: DemoSecrets, endsAt: number) {
  return demoPeople.map(({ username, displayName, bio }, person) => ({
    id: ids.users[person],
    username,
    email: `${username}@example.org`,
    password_hash: username === demoOwner.username ? secrets.ownerHash : secrets.othersHash,
    display_name: displayName,
    bio,
    role: username === demoOwner.username ? 'admin' : 'user',
    created_at: time(endsAt - accountAgeMs),
  }));
}

export function sanctumRows(ids: DemoIds, { memberships }: DemoContent, endsAt: number) {
  return hobbies.map(({ name, title, description, visibility }, hobby) => {
    const members = memberships.filter((membership) => membership.hobby === hobby);
    const owner = members.find(({ role }) => role === 'owner');
    return {
      id: ids.sanctums[hobby],
      name,
      title,
      description,
      visibility,
      owner_id: owner === undefined ? null : ids.users[owner.person],
      member_count: members.length,
      created_at: time(endsAt - accountAgeMs),
    };
  });
}

export function membershipRows(ids: DemoIds, { memberships }: DemoContent, endsAt: number) {
  return memberships.map(({ hobby, person, role }) => ({
    sanctum_id: ids.sanctums[hobby],
    user_id: ids.users[person],
    role,
    created_at: time(endsAt - accountAgeMs),
  }));
}

export async function postRows(ids: DemoIds, { posts }: DemoContent, markdown: Markdown) {
  // Bounded: the demo's own posts, a few hundred.
  return await Promise.all(
    posts.map(async ({ hobby, author, title, body, url, at }, index) => ({
      id: ids.posts[index],
      sanctum_id: ids.sanctums[hobby],
      author_id: ids.users[author],
      kind: url === null ? 'text' : 'link',
      title,
      body,
      body_html: await markdown.render(body, postHtmlBytesMax),
      url,
      created_at: time(at),
    })),
  );
}

export function postLikeRows(ids: DemoIds, { posts }: DemoContent) {
  return posts.flatMap(({ likes }, index) =>
    likes.map(({ person, at }) => ({ post_id: ids.posts[index], user_id: ids.users[person], created_at: time(at) })),
  );
}

export async function commentRows(ids: DemoIds, { posts }: DemoContent, markdown: Markdown) {
  const placed = placeComments(posts);
  // Bounded: the demo's own comments, a few thousand short texts.
  return await Promise.all(
    placed.map(async ({ comment, post, first, children }, index) => ({
      id: ids.comments[index],
      post_id: ids.posts[post],
      parent_id: comment.parent === null ? null : ids.comments[first + comment.parent],
      author_id: ids.users[comment.author],
      depth: comment.depth,
      body: comment.body,
      body_html: await markdown.render(comment.body, commentHtmlBytesMax),
      like_count: comment.likes.length,
      child_count: children,
      created_at: time(comment.at),
    })),
  );
}

export function commentLikeRows(ids: DemoIds, { posts }: DemoContent) {
  return placeComments(posts).flatMap(({ comment }, index) =>
    comment.likes.map(({ person, at }) => ({ comment_id: ids.comments[index], user_id: ids.users[person], created_at: time(at) })),
  );
}

const dayMs = 24 * 3600 * 1000;
const requestDays = 30;

/** Everybody knows the next few people of the list; the owner, the first one, knows eight. */
export function friendshipRows(ids: DemoIds, endsAt: number) {
  const count = demoPeople.length;
  const pairs = demoPeople.flatMap((_person, index) =>
    (index === 0 ? [1, 2, 3, 5, 8, 13, 18, 21] : [1, 2, 5]).map((step) => [index, index + step] as const),
  );
  return pairs
    .filter(([, other]) => other < count)
    .flatMap(([one, other]) => {
      const createdAt = time(endsAt - (1 + ((one * 7 + other * 3) % 40)) * dayMs);
      const row = (user: number, friend: number) => ({ user_id: ids.users[user], friend_id: ids.users[friend], created_at: createdAt });
      return [row(one, other), row(other, one)];
    });
}

/** Three people ask the owner, who asked two. */
export function friendRequestRows(ids: DemoIds, endsAt: number) {
  const asked = [
    [4, 0],
    [9, 0],
    [16, 0],
    [0, 11],
    [0, 25],
  ] as const;
  return asked.map(([from, to], index) => {
    const at = endsAt - (asked.length - index) * (dayMs / 3);
    return { from_id: ids.users[from], to_id: ids.users[to], created_at: time(at), expires_at: time(at + requestDays * dayMs) };
  });
}

/** All comments one after the other: the post each belongs to, where that post's comments begin, how many answers it has. */
function placeComments(posts: DemoContent['posts']) {
  let first = 0;
  return posts.flatMap(({ comments }, post) => {
    const begin = first;
    first += comments.length;
    const children = new Map<number, number>();
    for (const { parent } of comments) if (parent !== null) children.set(parent, (children.get(parent) ?? 0) + 1);
    return comments.map((comment, index) => ({ comment, post, first: begin, children: children.get(index) ?? 0 }));
  });
}

function time(at: number): string {
  return new Date(at).toISOString();
}
