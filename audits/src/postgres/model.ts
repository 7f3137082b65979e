/** What the schema has to hold by itself, stated apart from the migrations so that a lost constraint has a witness. */
export interface PromisedConstraint {
  readonly name: string;
  readonly table: string;
  /** What follows `add constraint <name>`. */
  readonly definition: string;
}

const foreignKey = (name: string, table: string, columns: string, parent: string, more = ''): PromisedConstraint => ({
  name,
  table,
  definition: `foreign key (${columns}) references ${parent}${more}`,
});

const cascade = ' on delete cascade';

export const promisedForeignKeys: readonly PromisedConstraint[] = [
  foreignKey('fk_sessions_user', 'sessions', 'user_id', 'users (id)', cascade),
  foreignKey('fk_sanctums_owner', 'sanctums', 'owner_id', 'users (id)'),
  foreignKey('fk_memberships_sanctum', 'memberships', 'sanctum_id', 'sanctums (id)', cascade),
  foreignKey('fk_memberships_user', 'memberships', 'user_id', 'users (id)', cascade),
  foreignKey('fk_conversations_sanctum', 'conversations', 'sanctum_id', 'sanctums (id)', cascade),
  foreignKey('fk_posts_sanctum', 'posts', 'sanctum_id', 'sanctums (id)', cascade),
  foreignKey('fk_posts_author', 'posts', 'author_id', 'users (id)'),
  foreignKey('fk_post_ranks_post', 'post_ranks', 'post_id', 'posts (id)', cascade),
  foreignKey('fk_post_likes_post', 'post_likes', 'post_id', 'posts (id)', cascade),
  foreignKey('fk_post_likes_user', 'post_likes', 'user_id', 'users (id)', cascade),
  foreignKey('fk_comments_post', 'comments', 'post_id', 'posts (id)', cascade),
  foreignKey('fk_comments_parent', 'comments', 'post_id, parent_id', 'comments (post_id, id)', cascade),
  foreignKey('fk_comments_author', 'comments', 'author_id', 'users (id)'),
  foreignKey('fk_comment_likes_comment', 'comment_likes', 'comment_id', 'comments (id)', cascade),
  foreignKey('fk_comment_likes_user', 'comment_likes', 'user_id', 'users (id)', cascade),
  foreignKey('fk_idempotency_keys_user', 'idempotency_keys', 'user_id', 'users (id)', cascade),
];

export interface PromisedUnique {
  readonly name: string;
  readonly table: string;
  readonly columns: string;
  readonly rule: string;
  /** Predicate of a partial index. */
  readonly where?: string;
}

export const promisedUniques: readonly PromisedUnique[] = [
  { name: 'idx_users_username_unique', table: 'users', columns: 'lower(username)', rule: 'one person per name' },
  { name: 'idx_users_email_unique', table: 'users', columns: 'lower(email)', rule: 'one account per address' },
  { name: 'idx_sanctums_name_unique', table: 'sanctums', columns: 'lower(name)', rule: 'one sanctum per name' },
  { name: 'idx_conversations_sanctum_id_unique', table: 'conversations', columns: 'sanctum_id', rule: 'one conversation per sanctum' },
  {
    name: 'idx_memberships_one_owner',
    table: 'memberships',
    columns: 'sanctum_id',
    rule: 'one owner per sanctum',
    where: "role = 'owner'",
  },
];

export const promisedNotNull: Readonly<Record<string, readonly string[]>> = {
  users: ['username', 'email', 'password_hash', 'role', 'created_at'],
  sessions: ['user_id', 'nonce', 'generation', 'expires_at'],
  sanctums: ['name', 'visibility', 'owner_id'],
  memberships: ['sanctum_id', 'user_id', 'role'],
  conversations: ['sanctum_id'],
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
