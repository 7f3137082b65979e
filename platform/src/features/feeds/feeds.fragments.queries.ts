/**
 * Builds the twelve feed queries: four feeds times three sorts. The text differs in its index and its place, the
 * idea is one:
 *
 * A walk over the pages shows every post of its first page's moment exactly once while others like and unlike.
 * The cursor carries the snapshot of the first page. On later pages a post whose rank was changed by a transaction
 * that this snapshot does not see takes part with the rank it had in it, which the first such change has kept: the one whose
 * own transaction the snapshot does not see and whose previous one it does. All others take part with their current
 * rank. The rank's row knows its last change and each change the one before it, so that a post that was liked and unliked
 * thousands of times costs no more than one. Both sources are read from an index in the order of the feed and merged;
 * of the changes only those between the page's first and last rank are looked at, however many there are.
 *
 * `new` orders by id, which never changes, and needs none of this.
 */
import { z } from 'zod';
import { jsonList } from '../../db/json.fragments.queries.ts';
import type { Query } from '../../db/query.ts';
import { defineQuery, type ParameterDeclaration } from '../../db/query.ts';
import { pageItemsMax } from '../../api/pages.ts';
import { postExcerptCharacters, type FeedSort } from '../posts/posts.schema.ts';
import { postJson } from '../posts/posts.fragments.queries.ts';

export type FeedName = 'popular' | 'home' | 'sanctum' | 'user';

/** What every feed query takes; `place` is a sanctum's name or a username, absent for the other two feeds. */
export type FeedParameters = Readonly<{
  reader: 'bigint?';
  admin: 'boolean';
  page_items: 'integer';
  after_id: 'bigint';
  after_rank: 'double precision';
  snapshot: 'pg_snapshot?';
  place: 'text';
}>;

export const feedRow = z.object({
  /** JSON array of posts. */
  items: z.string(),
  has_more: z.boolean(),
  last_id: z.string().nullable(),
  last_rank: z.number().nullable(),
  snapshot: z.string(),
});
export type FeedRow = z.output<typeof feedRow>;
export type FeedQueryEntry = Query<FeedParameters, FeedRow>;

/** Sorts before every post: what the first page comes "after". */
export const beforeAll = { id: '9223372036854775807', hot: Number.POSITIVE_INFINITY, top: 2_147_483_647, new: 0 } as const;

/**
 * A constant around the page's own limit: with a parameter alone the planner guesses a tenth of the table. Around,
 * not inside: for a handful of rows it would rather walk the primary key and filter.
 */
const rowsMax = pageItemsMax + 1;

interface Rank {
  readonly column: string;
  readonly before: string;
  readonly type: 'double precision' | 'integer';
  /** Sorts after every rank. */
  readonly lowest: string;
}

const ranks: Readonly<Record<'hot' | 'top', Rank>> = {
  hot: { column: 'hot', before: 'hot_before', type: 'double precision', lowest: `'-Infinity'::double precision` },
  top: { column: 'like_count', before: 'like_count_before', type: 'integer', lowest: '-1' },
};

export interface FeedDeclaration {
  readonly feed: FeedName;
  readonly sort: FeedSort;
  /** CTEs that find the place once: `place (id)`; the whole answer is empty when it is. */
  readonly place?: (parameter: (name: keyof FeedParameters) => string) => string;
  /** Which post_ranks rows (alias r) belong to the feed; has to imply the predicate of the index. */
  readonly belongs: (parameter: (name: keyof FeedParameters) => string) => string;
  /** Home: one index scan per row of this source (alias v), merged. */
  readonly each?: (parameter: (name: keyof FeedParameters) => string) => string;
  /** Which changed posts belong to the feed, when that is not `belongs`. */
  readonly changedBelongs?: (parameter: (name: keyof FeedParameters) => string) => string;
  readonly usesIndex: readonly string[];
  readonly samplePlace?: string;
}

export function defineFeedQuery(declaration: FeedDeclaration): FeedQueryEntry {
  const { feed, sort } = declaration;
  const rank = sort === 'new' ? undefined : ranks[sort];
  const params: Record<string, ParameterDeclaration[string]> = {
    reader: 'bigint?',
    admin: 'boolean',
    page_items: 'integer',
    after_id: 'bigint',
  };
  const sample: Record<string, unknown> = { reader: '1', admin: false, page_items: 25, after_id: beforeAll.id };
  if (rank !== undefined) {
    Object.assign(params, { after_rank: rank.type, snapshot: 'pg_snapshot?' });
    Object.assign(sample, { after_rank: beforeAll[sort], snapshot: null });
  }
  if (declaration.samplePlace !== undefined) {
    params['place'] = 'text';
    sample['place'] = declaration.samplePlace;
  }
  const names = Object.keys(params);
  const parameter = (name: keyof FeedParameters) => {
    const position = names.indexOf(name) + 1;
    if (position === 0) throw new Error(`feed ${feed} by ${sort} has no parameter "${name}"`);
    return `$${position}`;
  };
  // Parameters and sample are built together above; their common type is wider than each of them.
  const query = defineQuery({
    name: `feeds.${feed}_${sort}`,
    access: 'read',
    params,
    text: feedText(declaration, parameter, rank),
    budgetMs: 50,
    usesIndex: [...declaration.usesIndex, ...(rank === undefined ? [] : [`idx_post_rank_changes_${rank.before}`])],
    sample: sample as never,
    row: feedRow,
  });
  // `new` declares fewer parameters than the common type; the database sends only those that are declared.
  return query as unknown as FeedQueryEntry;
}

type ParameterOf = (name: keyof FeedParameters) => string;

function feedText(declaration: FeedDeclaration, parameter: ParameterOf, rank: Rank | undefined): string {
  const ctes = [
    ...(declaration.place === undefined ? [] : [`place as materialized (${declaration.place(parameter)})`]),
    ...(rank === undefined
      ? [`page as materialized (${unchangedText(declaration, parameter, rank)})`]
      : [
          `unchanged as materialized (${unchangedText(declaration, parameter, rank)})`,
          `changed as materialized (${changedText(declaration, parameter, rank)})`,
          `page as materialized (
            select * from (select * from unchanged union all select * from changed) merged
            order by merged.rank desc, merged.post_id desc limit ${parameter('page_items')} + 1
          )`,
        ]),
    `numbered as materialized (
      select page.*, row_number() over (order by ${rank === undefined ? '' : 'page.rank desc, '}page.post_id desc) as position from page
    )`,
  ];
  const json = postJson({
    post: 'p',
    rank: 'r',
    reader: parameter('reader'),
    admin: parameter('admin'),
    body: { excerptCharacters: postExcerptCharacters },
  });
  const limit = parameter('page_items');
  return `
with ${ctes.join(',\n')}
select
  (
    select ${jsonList('entry.json', 'entry.position')}
    from (
      select numbered.position, (
        select ${json}
        from posts p, post_ranks r where p.id = numbered.post_id and r.post_id = numbered.post_id
      ) as json
      from numbered where numbered.position <= ${limit}
    ) entry
  ) as items,
  (select count(*) > ${limit} from numbered) as has_more,
  (select post_id from numbered where position = ${limit}) as last_id,
  (select rank from numbered where position = ${limit})::double precision as last_rank,
  pg_current_snapshot()::text as snapshot
${declaration.place === undefined ? '' : 'from place'}`;
}

/** True for a transaction that the walk's snapshot does not see. Not true without a snapshot or without a transaction. */
function isAfterSnapshot(transaction: string, parameter: ParameterOf): string {
  const snapshot = `${parameter('snapshot')}::pg_snapshot`;
  return `(${transaction} >= pg_snapshot_xmin(${snapshot}) and not pg_visible_in_snapshot(${transaction}, ${snapshot}))`;
}

/**
 * Posts of this page by the rank they had in the snapshot. A full page of unchanged posts ends the search: what
 * sorts after its last post belongs to later pages.
 */
function changedText(declaration: FeedDeclaration, parameter: ParameterOf, rank: Rank): string {
  const belongs = declaration.changedBelongs ?? declaration.belongs;
  // At most the page's own rows are skipped, and they are read already.
  const last = (column: string) =>
    `(select unchanged.${column} from unchanged order by unchanged.rank desc, unchanged.post_id desc offset ${parameter('page_items')} limit 1)`;
  return `
    select c.post_id, c.${rank.before} as rank
    from post_rank_changes c
    cross join lateral (select 1 from post_ranks r where r.post_id = c.post_id and ${isAfterSnapshot('r.changed_in', parameter)} and ${belongs(parameter)} limit 1) listed
    where (c.${rank.before}, c.post_id) < (${parameter('after_rank')}::${rank.type}, ${parameter('after_id')}::bigint)
      and (c.${rank.before}, c.post_id) > (coalesce(${last('rank')}, ${rank.lowest}), coalesce(${last('post_id')}, 0))
      and ${isAfterSnapshot('c.transaction_id', parameter)}
      and ${isAfterSnapshot('c.previous_transaction_id', parameter)} is not true
    order by c.${rank.before} desc, c.post_id desc
    limit ${rowsMax}`;
}

/** The index scan: as many entries as the page holds, at any depth. */
function unchangedText(declaration: FeedDeclaration, parameter: ParameterOf, rank: Rank | undefined): string {
  const one = (place: string) => {
    const key = rank === undefined ? 'r.post_id' : `(r.${rank.column}, r.post_id)`;
    const after =
      rank === undefined
        ? `${parameter('after_id')}::bigint`
        : `(${parameter('after_rank')}::${rank.type}, ${parameter('after_id')}::bigint)`;
    const skip = rank === undefined ? '' : `and ${isAfterSnapshot('r.changed_in', parameter)} is not true`;
    return `
      select r.post_id, ${rank === undefined ? 'null::integer' : `r.${rank.column}`} as rank
      from post_ranks r
      where ${place} and ${key} < ${after} ${skip}
      order by ${rank === undefined ? '' : `r.${rank.column} desc, `}r.post_id desc
      limit ${parameter('page_items')} + 1`;
  };
  const limited = (text: string) => `select entry.post_id, entry.rank from (${text}) entry limit ${rowsMax}`;
  if (declaration.each === undefined) return limited(one(declaration.belongs(parameter)));
  return limited(`
    select merged.post_id, merged.rank
    from (${declaration.each(parameter)}) v
    cross join lateral (${limited(one(declaration.belongs(parameter)))}) merged
    order by ${rank === undefined ? '' : 'merged.rank desc, '}merged.post_id desc
    limit ${parameter('page_items')} + 1`);
}
