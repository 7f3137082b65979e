/**
 * Who does not see whom, as pieces of SQL. Every query that shows people, or what they wrote, to somebody uses one of these;
 * a test walks the catalogue and asks each for it. No entry of the catalogue stands here.
 *
 * Blocks hide both ways and everywhere, with one exception: who moderates a sanctum sees what stands in it, and administrators see
 * everything. Else a block would be a place to hide from moderation.
 *
 * The first look asks, once a statement, whether the reader has to do with any block at all: nearly nobody has, and pays for that
 * look alone. Aliases (hid, any_hid, gone, me) must not be aliases of the query around them: see authorJson.
 */
import { moderates } from '../sanctums/access.fragments.queries.ts';

/** Each count of a page looks for so many hidden people: whom thousands block does not make a page slow. */
const countedPeopleMax = 300;

/** True when the reader is on either side of any block. Refers to nothing around it: evaluated once a statement. */
function knowsBlocks(reader: string): string {
  return `coalesce((select true from user_blocks any_hid where any_hid.user_id = ${reader} limit 1), false)`;
}

/** Asked only about readers who meet a block. */
function isAdministrator(reader: string): string {
  return `coalesce((select me.role = 'admin' from users me where me.id = ${reader}), false)`;
}

/** True when one of the two people has blocked the other, whoever they are otherwise. `reader` is a placeholder; from nobody (null) nobody is hidden. */
export function isBlocked(person: string, reader: string): string {
  return `(${knowsBlocks(reader)}
    and coalesce((select true from user_blocks hid where hid.user_id = ${reader} and hid.other_id = ${person}), false))`;
}

/** True when the reader may not see the person. */
export function isHidden(person: string, reader: string): string {
  return `(${isBlocked(person, reader)} and not ${isAdministrator(reader)})`;
}

/** True when the reader may not see what the person does in the sanctum. */
export function isHiddenIn(sanctumId: string, person: string, reader: string): string {
  return `(${isHidden(person, reader)} and not ${moderates(sanctumId, reader)})`;
}

/** How many comments of a post the reader does not see; a number to subtract from the count of all. */
export function hiddenComments(postId: string, sanctumId: string, reader: string): string {
  return countHidden(
    sanctumId,
    reader,
    `comments gone on gone.post_id = ${postId} and gone.author_id = hid.other_id and gone.deleted_at is null`,
  );
}

/** How many members of a sanctum the reader does not see; a number to subtract from the count of all. */
export function hiddenMembers(sanctumId: string, reader: string): string {
  return countHidden(sanctumId, reader, `memberships gone on gone.sanctum_id = ${sanctumId} and gone.user_id = hid.other_id`);
}

function countHidden(sanctumId: string, reader: string, gone: string): string {
  return `case when ${knowsBlocks(reader)} and not ${isAdministrator(reader)} and not ${moderates(sanctumId, reader)} then (
      select count(*)::integer from (
        select hid.other_id from user_blocks hid where hid.user_id = ${reader} limit ${countedPeopleMax}
      ) hid join ${gone}) else 0 end`;
}
