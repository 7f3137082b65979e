/** Pieces of SQL about people that queries share. No entry of the catalogue stands here. */

/**
 * Look-ups stand as scalar subqueries on purpose: they are index look-ups per row in every plan. As joins they
 * would become hash joins over whole tables whenever a generic plan guesses the page too large.
 * Their aliases (writer, home, mine, own) must not be aliases of the query around them: an argument such as "s.id"
 * would be captured.
 */
export function authorJson(authorId: string): string {
  return `(select json_build_object('username', writer.username, 'displayName', writer.display_name) from users writer where writer.id = ${authorId})`;
}
