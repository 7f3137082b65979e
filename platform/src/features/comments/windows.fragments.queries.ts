/**
 * Builds the window queries: what one look at a thread shows. From each parent only its first children are read,
 * from the index, level by level, until the window is full. The cost follows what is shown, never the size of the
 * thread. `more` names every parent with children left, and after which child to go on.
 */
import { z } from 'zod';
import { defineQuery, type ParameterDeclaration, type Query } from '../../db/query.ts';
import { pageItemsMax } from '../../api/pages.ts';
import { isHiddenIn } from '../blocks/blocks.fragments.queries.ts';
import { mayRead } from '../sanctums/access.fragments.queries.ts';
import { jsonList } from '../../db/json.fragments.queries.ts';
import { commentJson } from './comments.fragments.queries.ts';
import { commentRemainingMax, commentWindowBytesMax, commentWindowItemsMax, type CommentSort } from './comments.schema.ts';

/** Children shown of each comment of the asked-for level, of their children, and of all below. */
const childrenShown = { first: 5, second: 3, deeper: 2 } as const;
/** Levels of one window, the asked-for level included. */
const windowLevels = 6;

export type WindowParameters = Readonly<{
  post_id: 'bigint';
  reader: 'bigint?';
  admin: 'boolean';
  siblings: 'integer';
  after_id: 'bigint';
  /** Sort top only. */
  after_like_count: 'integer';
  /** Below a comment only. */
  parent_id: 'bigint';
}>;

const moreEntry = z.object({
  parentId: z.string().nullable(),
  /** The last child shown; null when none is. */
  id: z.string().nullable(),
  likeCount: z.number().int().nullable(),
  remaining: z.number().int(),
});

export const windowRow = z.object({
  /** JSON array of comments. */
  items: z.string(),
  more: z.array(moreEntry),
  parent_found: z.boolean(),
});
export type WindowRow = z.output<typeof windowRow>;
export type WindowQuery = Query<WindowParameters, WindowRow>;

/** Known without reading a long text: PostgreSQL keeps its size beside it. */
const bytes = 'octet_length(c.body) + octet_length(c.body_html)';

type ParameterOf = (name: keyof WindowParameters) => string;

interface Order {
  /** What siblings are compared by; the alias has the columns like_count and id. */
  readonly key: (alias: string) => string;
  readonly by: (alias: string) => string;
  readonly after: (parameter: ParameterOf) => string;
}

const orders: Readonly<Record<CommentSort, Order>> = {
  top: {
    key: (c) => `(${c}.like_count, ${c}.id)`,
    by: (c) => `${c}.like_count desc, ${c}.id desc`,
    after: (parameter) => `(${parameter('after_like_count')}::integer, ${parameter('after_id')}::bigint)`,
  },
  new: { key: (c) => `${c}.id`, by: (c) => `${c}.id desc`, after: (parameter) => `${parameter('after_id')}::bigint` },
};

export function defineWindowQuery(from: 'roots' | 'replies', sort: CommentSort): WindowQuery {
  const params: Record<string, ParameterDeclaration[string]> = {
    post_id: 'bigint',
    reader: 'bigint?',
    admin: 'boolean',
    siblings: 'integer',
    after_id: 'bigint',
  };
  const sample: Record<string, unknown> = { post_id: '1', reader: '1', admin: false, siblings: 20, after_id: '9223372036854775807' };
  if (sort === 'top') {
    params['after_like_count'] = 'integer';
    sample['after_like_count'] = 2_147_483_647;
  }
  if (from === 'replies') {
    params['parent_id'] = 'bigint';
    sample['parent_id'] = '1';
  }
  const names = Object.keys(params);
  // Parameters and sample are built together above; their common type is wider than each of them.
  const query = defineQuery({
    name: `comments.window_${from}_${sort}`,
    access: 'read',
    params,
    text: windowText(orders[sort], from, (name) => `$${names.indexOf(name) + 1}`),
    budgetMs: 40,
    usesIndex: [`idx_comments_parent_${sort}`, 'comments_pkey'],
    sample: sample as never,
    row: windowRow,
  });
  // The four queries declare a part of the common parameters each; the database sends only those that are declared.
  return query as unknown as WindowQuery;
}

function windowText(order: Order, from: 'roots' | 'replies', parameter: ParameterOf): string {
  const asked = from === 'roots' ? 'c.parent_id is null' : `c.parent_id = ${parameter('parent_id')}`;
  const siblings = parameter('siblings');
  return `
with recursive place as materialized (
  select p.id, p.sanctum_id from posts p
  where p.id = ${parameter('post_id')} and p.deleted_at is null and ${mayRead('p.sanctum_id', parameter('reader'))}
    and not ${isHiddenIn('p.sanctum_id', 'p.author_id', parameter('reader'))}
),
tree as (
  (select c.id, c.parent_id, c.child_count, c.like_count, c.bytes, 0 as level, array[c.position] as path
   from (
     select c.*, row_number() over (order by ${order.by('c')}) as position
     from (
       select c.id, c.parent_id, c.child_count, c.like_count, ${bytes} as bytes from comments c
       where c.post_id = (select place.id from place) and ${asked} and ${order.key('c')} < ${order.after(parameter)}
       -- With parent_id in front the order is the index's even where parent_id is null.
       order by c.parent_id, ${order.by('c')} limit ${siblings}
     ) c limit ${pageItemsMax}
   ) c)
  union all
  select c.id, c.parent_id, c.child_count, c.like_count, c.bytes, tree.level + 1, tree.path || c.position
  from tree
  cross join lateral (
    select c.*, row_number() over (order by ${order.by('c')}) as position
    from (
      select c.id, c.parent_id, c.child_count, c.like_count, ${bytes} as bytes from comments c
      where c.post_id = ${parameter('post_id')} and c.parent_id = tree.id
      order by c.parent_id, ${order.by('c')}
      limit case tree.level when 0 then ${childrenShown.first} when 1 then ${childrenShown.second} else ${childrenShown.deeper} end
    ) c
  ) c
  where tree.child_count > 0 and tree.level < ${windowLevels - 1}
),
-- The limit ends the recursion. What is cut for its size is cut from the end, so that parents stay before their children.
fitting as materialized (
  select tree.*, row_number() over shelf as nth, sum(tree.bytes) over shelf as bytes_so_far
  from (select * from tree limit ${commentWindowItemsMax}) tree
  window shelf as (order by tree.level, tree.path rows unbounded preceding)
),
shown as materialized (
  select fitting.* from fitting where fitting.bytes_so_far <= ${commentWindowBytesMax} or fitting.nth = 1
),
-- The last child shown of each parent, and how many are.
children as materialized (
  select shown.parent_id, count(*) as shown,
    (array_agg(shown.id order by ${order.by('shown')}))[count(*)] as id,
    (array_agg(shown.like_count order by ${order.by('shown')}))[count(*)] as like_count
  from shown group by shown.parent_id
),
asked_rest as materialized (
  select children.id, children.like_count, (
    select count(*) from (
      select 1 from comments c
      where c.post_id = ${parameter('post_id')} and ${asked}
        and ${order.key('c')} < ${order.key('children')}
      limit ${commentRemainingMax}
    ) rest
  ) as remaining
  from children where ${from === 'roots' ? 'children.parent_id is null' : `children.parent_id = ${parameter('parent_id')}`}
)
${windowAnswer(from, parameter)}`;
}

/** What is answered of the comments that are shown, and the parents with children left. */
function windowAnswer(from: 'roots' | 'replies', parameter: ParameterOf): string {
  const json = commentJson({ comment: 'c', reader: parameter('reader'), admin: parameter('admin'), sanctumId: 'place.sanctum_id' });
  return `select
  (select ${jsonList(`select ${json} from comments c where c.id = shown.id`, 'shown.path')} from shown) as items,
  coalesce((
    select json_agg(json_build_object('parentId', rest.parent_id::text, 'id', rest.id::text, 'likeCount', rest.like_count, 'remaining', rest.remaining))
    from (
      select ${from === 'roots' ? 'null::bigint' : `${parameter('parent_id')}::bigint`} as parent_id, id, like_count, remaining
      from asked_rest where remaining > 0
      union all
      select shown.id, children.id, children.like_count, shown.child_count - coalesce(children.shown, 0)
      from shown left join children on children.parent_id = shown.id
      where shown.child_count > coalesce(children.shown, 0)
    ) rest
  ), '[]') as more,
  ${from === 'roots' ? 'true' : `coalesce((select true from comments c where c.id = ${parameter('parent_id')} and c.post_id = ${parameter('post_id')}), false)`} as parent_found
from place`;
}
