import { sql } from '@sanctum/migrations/sql-text';
import type { SqlText } from '@sanctum/migrations/sql-text';

/** What the schema has to hold by itself, stated apart from the migrations so that a lost constraint has a witness. */
export interface PromisedConstraint {
  readonly name: string;
  readonly table: string;
  /** What follows `add constraint <name>`. */
  readonly definition: SqlText;
}

const foreignKey = (name: string, table: string, definition: SqlText): PromisedConstraint => ({ name, table, definition });

export const promisedForeignKeys: readonly PromisedConstraint[] = [
  foreignKey('fk_sessions_user', 'sessions', sql`foreign key (user_id) references users (id) on delete cascade`),
  foreignKey('fk_sanctums_owner', 'sanctums', sql`foreign key (owner_id) references users (id)`),
  foreignKey('fk_memberships_sanctum', 'memberships', sql`foreign key (sanctum_id) references sanctums (id) on delete cascade`),
  foreignKey('fk_memberships_user', 'memberships', sql`foreign key (user_id) references users (id) on delete cascade`),
  foreignKey('fk_conversations_sanctum', 'conversations', sql`foreign key (sanctum_id) references sanctums (id) on delete cascade`),
  foreignKey('fk_posts_sanctum', 'posts', sql`foreign key (sanctum_id) references sanctums (id) on delete cascade`),
  foreignKey('fk_posts_author', 'posts', sql`foreign key (author_id) references users (id)`),
  foreignKey('fk_post_ranks_post', 'post_ranks', sql`foreign key (post_id) references posts (id) on delete cascade`),
  foreignKey('fk_post_likes_post', 'post_likes', sql`foreign key (post_id) references posts (id) on delete cascade`),
  foreignKey('fk_post_likes_user', 'post_likes', sql`foreign key (user_id) references users (id) on delete cascade`),
  foreignKey('fk_comments_post', 'comments', sql`foreign key (post_id) references posts (id) on delete cascade`),
  foreignKey('fk_comments_parent', 'comments', sql`foreign key (post_id, parent_id) references comments (post_id, id) on delete cascade`),
  foreignKey('fk_comments_author', 'comments', sql`foreign key (author_id) references users (id)`),
  foreignKey('fk_comment_likes_comment', 'comment_likes', sql`foreign key (comment_id) references comments (id) on delete cascade`),
  foreignKey('fk_comment_likes_user', 'comment_likes', sql`foreign key (user_id) references users (id) on delete cascade`),
  foreignKey('fk_idempotency_keys_user', 'idempotency_keys', sql`foreign key (user_id) references users (id) on delete cascade`),
];

export interface PromisedUnique {
  readonly name: string;
  readonly table: string;
  readonly columns: SqlText;
  readonly rule: string;
  /** Predicate of a partial index. */
  readonly where?: SqlText;
}

export const promisedUniques: readonly PromisedUnique[] = [
  { name: 'idx_users_username_unique', table: 'users', columns: sql`lower(username)`, rule: 'one person per name' },
  { name: 'idx_users_email_unique', table: 'users', columns: sql`lower(email)`, rule: 'one account per address' },
  { name: 'idx_sanctums_name_unique', table: 'sanctums', columns: sql`lower(name)`, rule: 'one sanctum per name' },
  { name: 'idx_conversations_sanctum_id_unique', table: 'conversations', columns: sql`sanctum_id`, rule: 'one conversation per sanctum' },
  {
    name: 'idx_conversations_pair_unique',
    table: 'conversations',
    columns: sql`low_user_id, high_user_id`,
    rule: 'one conversation per pair of people',
  },
  {
    name: 'idx_memberships_one_owner',
    table: 'memberships',
    columns: sql`sanctum_id`,
    rule: 'one owner per sanctum',
    where: sql`role = 'owner'`,
  },
];

export const promisedNotNull: Readonly<Record<string, readonly string[]>> = {
  users: ['username', 'email', 'password_hash', 'role', 'created_at'],
  sessions: ['user_id', 'nonce', 'generation', 'expires_at'],
  sanctums: ['name', 'visibility', 'owner_id'],
  memberships: ['sanctum_id', 'user_id', 'role'],
  conversations: ['kind'],
  posts: ['sanctum_id', 'author_id', 'kind', 'title', 'created_at'],
  comments: ['post_id', 'author_id', 'depth', 'body', 'created_at'],
  post_likes: ['post_id', 'user_id'],
  comment_likes: ['comment_id', 'user_id'],
};

export interface RowRule {
  readonly name: string;
  readonly table: string;
  /** Selects at least the key of offending rows as `key`; no limit of its own. */
  readonly offenders: string;
  readonly rule: string;
  readonly fix: string;
}

/** Rules across rows that no single constraint can hold. */
export const rowRules: readonly RowRule[] = [
  {
    name: 'sanctum-without-conversation',
    table: 'sanctums',
    offenders: 'select s.id::text as key from sanctums s where not exists (select from conversations c where c.sanctum_id = s.id)',
    rule: 'every sanctum has its conversation',
    fix: 'insert into conversations (sanctum_id) select s.id from sanctums s where not exists (select from conversations c where c.sanctum_id = s.id);',
  },
  {
    name: 'sanctum-without-owner',
    table: 'sanctums',
    offenders:
      "select s.id::text as key from sanctums s where not exists (select from memberships m where m.sanctum_id = s.id and m.user_id = s.owner_id and m.role = 'owner')",
    rule: 'the owner of a sanctum is its member with the role owner',
    fix: "insert into memberships (sanctum_id, user_id, role) select id, owner_id, 'owner' from sanctums on conflict (sanctum_id, user_id) do update set role = 'owner';",
  },
  {
    name: 'post-without-rank',
    table: 'posts',
    offenders: 'select p.id::text as key from posts p where not exists (select from post_ranks r where r.post_id = p.id)',
    rule: 'every post has its rank row, without which no list shows it',
    fix: 'Find out what wrote the posts past the service (audit log, created_at), then write their ranks as the service does: see platform/src/features/posts.',
  },
];
