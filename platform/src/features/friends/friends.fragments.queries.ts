/** Pieces of SQL about friends that queries share. No entry of the catalogue stands here. */

/** A request that nobody answered ends by itself after this long; so does what a declined one holds back. A sweep removes both. */
export const requestDays = 30;

/** True while the request (alias) is on somebody's list: `received` by the one, or sent and not taken back by the other. */
export function isLiveRequest(request: string): string {
  return `${request}.expires_at > now()`;
}

/** True when the two are friends. */
export function areFriends(person: string, other: string): string {
  return `coalesce((select true from friendships bond where bond.user_id = ${person} and bond.friend_id = ${other}), false)`;
}

/** How many friends the two have in common: both lists stand in the order of their friends. */
export function mutualCount(person: string, other: string): string {
  return `(select count(*)::integer from friendships mine
      join friendships theirs on theirs.user_id = ${other} and theirs.friend_id = mine.friend_id
      where mine.user_id = ${person})`;
}
