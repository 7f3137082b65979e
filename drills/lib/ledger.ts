/** What the platform acknowledged, held against what the database holds. */
import pg from 'pg';

export interface Ledger {
  /** The text that marks everything of this drill in the database. */
  readonly mark: string;
  post(id: string, title: string): void;
  comment(id: string, body: string): void;
  like(kind: 'post' | 'comment', id: string, username: string): void;
  count(): number;
  /** Everything that contradicts the ledger, in words; empty when nothing does. */
  compare(query: Query): Promise<string[]>;
}

export type Query = (text: string, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

const contradictionsShownMax = 20;

const marked = {
  post: `select title as mark, array_agg(id::text order by id) as ids from posts where title like $1 || '%' group by title`,
  comment: `select body as mark, array_agg(id::text order by id) as ids from comments where body like $1 || '%' group by body`,
};
const likes = `
  select 'post ' || post_id || ' by ' || username as name from post_likes join users on id = user_id where username like 'drill\\_%'
  union all
  select 'comment ' || comment_id || ' by ' || username from comment_likes join users on id = user_id where username like 'drill\\_%'`;
const miscounted = `
  select 'post ' || r.post_id as name from post_ranks r
  where r.like_count <> (select count(*) from post_likes l where l.post_id = r.post_id)
     or r.comment_count <> (select count(*) from comments c where c.post_id = r.post_id and c.deleted_at is null)
  union all
  select 'comment ' || c.id from comments c
  where c.like_count <> (select count(*) from comment_likes l where l.comment_id = c.id)
     or c.child_count <> (select count(*) from comments a where a.parent_id = c.id)`;

export function createLedger(mark: string): Ledger {
  /** Mark of one thing → its id as acknowledged. */
  const posts = new Map<string, string>();
  const comments = new Map<string, string>();
  const liked = new Set<string>();

  async function compareMarked(query: Query, kind: 'post' | 'comment', acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
    const rows = await query(marked[kind], [mark]);
    const found = new Map(rows.map((row) => [String(row['mark']), row['ids'] as string[]]));
    const lost = [...acknowledged].flatMap(([text, id]) => {
      const ids = found.get(text) ?? [];
      if (ids.length === 0) return [`lost: ${kind} ${id} ("${text}") was acknowledged and does not exist`];
      return ids.includes(id) ? [] : [`changed: ${kind} "${text}" was acknowledged as ${id} and exists as ${ids.join(', ')}`];
    });
    const twice = [...found]
      .filter(([, ids]) => ids.length > 1)
      .map(([text, ids]) => `twice: ${kind} "${text}" exists as ${ids.join(' and ')}`);
    return [...lost, ...twice];
  }

  return {
    mark,
    post: (id, title) => void posts.set(title, id),
    comment: (id, body) => void comments.set(body, id),
    like: (kind, id, username) => void liked.add(`${kind} ${id} by ${username}`),
    count: () => posts.size + comments.size + liked.size,
    async compare(query) {
      const existing = new Set((await query(likes, [])).map((row) => String(row['name'])));
      const found = [
        ...(await compareMarked(query, 'post', posts)),
        ...(await compareMarked(query, 'comment', comments)),
        ...[...liked].filter((name) => !existing.has(name)).map((name) => `lost: like of ${name} was acknowledged and does not exist`),
        ...(await query(miscounted, [])).map((row) => `miscounted: the counters of ${String(row['name'])} are not what its rows add up to`),
      ];
      return found.slice(0, contradictionsShownMax);
    },
  };
}

/**
 * Compares a ledger with the database, and proves in a transaction that is rolled back that this comparison sees
 * one lost and one doubled row. Throws when it does not: then its silence means nothing.
 */
export async function audit(ledger: Ledger, databaseUrl: string): Promise<string[]> {
  return withDatabase(databaseUrl, async (query) => {
    const found = await ledger.compare(query);
    if (found.length > 0) return found;
    await query('begin', []);
    await plantViolations(ledger, query);
    const planted = await ledger.compare(query);
    await query('rollback', []);
    for (const kind of ['lost', 'twice']) {
      if (!planted.some((line) => line.startsWith(kind)))
        throw new Error(`the comparison did not see a planted violation of the kind "${kind}"`);
    }
    return [];
  });
}

/** Takes one acknowledged comment away and writes one post a second time, as a platform that forgets and repeats would. */
export async function plantViolations(ledger: Ledger, query: Query): Promise<void> {
  await query(`delete from comments where id = (select max(id) from comments where body like $1 || '%' and child_count = 0)`, [
    ledger.mark,
  ]);
  await query(
    `insert into posts (sanctum_id, author_id, kind, title, body) select sanctum_id, author_id, kind, title, body from posts
     where id = (select max(id) from posts where title like $1 || '%')`,
    [ledger.mark],
  );
}

export async function withDatabase<T>(databaseUrl: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'drill' });
  await client.connect();
  try {
    return await work(async (text, values) => (await client.query<Record<string, unknown>>(text, [...values])).rows);
  } finally {
    await client.end();
  }
}
