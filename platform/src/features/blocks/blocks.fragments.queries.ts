/**
 * Who does not see whom, as pieces of SQL. Every query that shows people, or what they wrote, to somebody uses one of these;
 * a test walks the catalogue and asks each for it. No entry of the catalogue stands here.
 *
 * Blocks hide both ways and everywhere, with one exception: who moderates a sanctum sees what stands in it, and administrators see
 * everything. Else a block would be a place to hide from moderation.
 *
 * The first look asks, once a statement, whether the reader has to do with any block at all: nearly nobody has, and pays for that
 * look alone. Aliases (hid, any_hid, gone) must not be aliases of the query around them: see authorJson.
 */
/** True when the reader is on either side of any block. Refers to nothing around it: evaluated once a statement. */
function knowsBlocks(reader: string): string {
  return `coalesce((select true from user_blocks any_hid where any_hid.user_id = ${reader} limit 1), false)`;
}

/** True when one of the two people has blocked the other, whoever they are otherwise. */
export function isHidden(person: string, reader: string): string {
  return `(${knowsBlocks(reader)}
    and coalesce((select true from user_blocks hid where hid.user_id = ${reader} and hid.other_id = ${person}), false))`;
}
