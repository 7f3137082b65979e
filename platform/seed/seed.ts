/** Data to look at: demo data for a first visit, bulk data for benchmarks. */
import { randomBytes } from 'node:crypto';
import { createDatabase, type Executor } from '../src/db/database.ts';
import { createHashingGate } from '../src/features/accounts/hashing-gate.ts';
import { createPasswords } from '../src/features/accounts/passwords.ts';
import { makeDemoContent } from './demo-content.ts';
import * as queries from './demo.queries.ts';
import * as rows from './demo-rows.ts';
import { demoOwner, demoPeople } from './people.ts';
import { hobbies } from './hobbies/all.ts';
import { demoConversations } from './talk.ts';
import { talkRows } from './talk-rows.ts';
import { createMarkdown } from '../src/text/markdown.ts';

export interface SeedDemoOptions {
  readonly databaseUrl: string;
  /** Password of the owner, `keeper`. Nobody can sign in as the other people. */
  readonly ownerPassword: string;
  readonly log: (line: string) => void;
  /** Unix milliseconds; the newest post is a little older. */
  readonly endsAt?: number;
}

export interface SeedDemoResult {
  /** What happened, for a person. */
  readonly detail: string;
  readonly owner: { readonly username: string };
  /** False when there were people already and nothing was done. */
  readonly seeded: boolean;
}

const statementTimeoutMs = 30_000;

/**
 * Fills a migrated database without people with demo data, in one transaction. Does nothing when there is anyone.
 * Safe to repeat and to run twice at once.
 */
export async function seedDemo({ databaseUrl, ownerPassword, log, endsAt = Date.now() }: SeedDemoOptions): Promise<SeedDemoResult> {
  const db = createDatabase({
    url: databaseUrl,
    poolMax: 1,
    waitersMax: 1,
    connectTimeoutMs: 5000,
    statementTimeoutMs,
    lockTimeoutMs: statementTimeoutMs,
    applicationName: 'sanctum-seed',
  });
  const owner = { username: demoOwner.username };
  try {
    const passwords = createPasswords({ gate: createHashingGate({ concurrency: 1 }) });
    const detail = await db.transaction(async (tx) => {
      await tx.run(queries.lockSeeding, {});
      if ((await tx.maybeOne(queries.findAnyone, {})) !== undefined) return undefined;
      const ownerHash = await passwords.hash(ownerPassword);
      const othersHash = await passwords.hash(randomBytes(32).toString('base64url'));
      return await insertDemo(tx, { ownerHash, othersHash }, endsAt);
    });
    log(detail ?? 'people are there already: nothing to do');
    return { detail: detail ?? 'already there', owner, seeded: detail !== undefined };
  } finally {
    await db.close();
  }
}

type Draw = (table: string, wanted: number) => Promise<string[]>;

async function insertDemo(tx: Executor, secrets: rows.DemoSecrets, endsAt: number): Promise<string> {
  const content = makeDemoContent({ endsAt });
  const markdown = createMarkdown();
  const commentCount = content.posts.reduce((sum, post) => sum + post.comments.length, 0);
  const draw: Draw = async (table, wanted) => (await tx.run(queries.drawIds, { table_name: table, wanted })).map(({ id }) => id);
  const ids: rows.DemoIds = {
    users: await draw('users', demoPeople.length),
    sanctums: await draw('sanctums', hobbies.length),
    posts: await draw('posts', content.posts.length),
    comments: await draw('comments', commentCount),
  };
  await tx.run(queries.insertUsers, { rows: JSON.stringify(rows.userRows(ids, secrets, endsAt)) });
  await tx.run(queries.insertSanctums, { rows: JSON.stringify(rows.sanctumRows(ids, content, endsAt)) });
  await tx.run(queries.insertMemberships, { rows: JSON.stringify(rows.membershipRows(ids, content, endsAt)) });
  await tx.run(queries.insertPosts, { rows: JSON.stringify(await rows.postRows(ids, content, markdown)) });
  await tx.run(queries.insertPostLikes, { rows: JSON.stringify(rows.postLikeRows(ids, content)) });
  await tx.run(queries.insertComments, { rows: JSON.stringify(await rows.commentRows(ids, content, markdown)) });
  await tx.run(queries.insertCommentLikes, { rows: JSON.stringify(rows.commentLikeRows(ids, content)) });
  await tx.run(queries.insertFriendships, { rows: JSON.stringify(rows.friendshipRows(ids, endsAt)) });
  await tx.run(queries.insertFriendRequests, { rows: JSON.stringify(rows.friendRequestRows(ids, endsAt)) });
  await tx.run(queries.insertRanks, { post_ids: ids.posts });
  const talk = await insertTalk(tx, ids, draw, endsAt);
  return `${demoPeople.length} people, ${hobbies.length} sanctums, ${content.posts.length} posts, ${commentCount} comments, ${talk} messages`;
}

/** Conversations and what was said in them. Returns how many messages that is. */
async function insertTalk(tx: Executor, ids: rows.DemoIds, draw: Draw, endsAt: number): Promise<number> {
  const ofSanctums = await draw('conversations', hobbies.length);
  const others = await draw('conversations', demoConversations.length);
  const { conversations, memberships, messages } = talkRows(ids, { ofSanctums, others }, endsAt);
  await tx.run(queries.insertConversations, { ids: ofSanctums, sanctum_ids: ids.sanctums });
  await tx.run(queries.insertOwnConversations, { rows: JSON.stringify(conversations) });
  await tx.run(queries.insertConversationMemberships, { rows: JSON.stringify(memberships) });
  await tx.run(queries.insertMessages, { rows: JSON.stringify(messages) });
  await tx.run(queries.insertMessageEvents, { trace: null });
  return messages.length;
}
