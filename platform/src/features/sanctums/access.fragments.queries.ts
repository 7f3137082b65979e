/**
 * Who may see and do what in a sanctum, as pieces of SQL that queries share. No entry of the catalogue stands here.
 * Look-ups stand as scalar subqueries on purpose: see authorJson.
 */

/** True when `reader` may see what stands in the sanctum: it is public, or the reader is a member. */
export function mayRead(sanctumId: string, reader: string): string {
  return `((select home.visibility = 'public' from sanctums home where home.id = ${sanctumId})
    or coalesce((select true from memberships mine where mine.sanctum_id = ${sanctumId} and mine.user_id = ${reader}), false))`;
}

/** True when `reader` moderates the sanctum. */
export function moderates(sanctumId: string, reader: string): string {
  return `coalesce((select mine.role in ('owner', 'moderator') from memberships mine where mine.sanctum_id = ${sanctumId} and mine.user_id = ${reader}), false)`;
}

/** True when `reader` is a member of the sanctum. */
export function isMember(sanctumId: string, reader: string): string {
  return `coalesce((select true from memberships mine where mine.sanctum_id = ${sanctumId} and mine.user_id = ${reader}), false)`;
}

/** True when `reader` is banned from the sanctum. */
export function isBanned(sanctumId: string, reader: string): string {
  return `coalesce((select true from sanctum_bans mine where mine.sanctum_id = ${sanctumId} and mine.user_id = ${reader}), false)`;
}
