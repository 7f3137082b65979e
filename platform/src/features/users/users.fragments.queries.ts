/** Pieces of SQL about people that queries share. No entry of the catalogue stands here. */
import { z } from 'zod';
import { jsonObject } from '../../db/json.fragments.queries.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';

/** The fields by which one person is named to others; `person` is the alias of `users`. */
function namesOf(person: string) {
  return { username: `${person}.username`, displayName: `${person}.display_name` };
}

/** The same for json_build_object. */
export function personFields(person: string): string {
  return Object.entries(namesOf(person))
    .flatMap(([name, column]) => [`'${name}'`, column])
    .join(', ');
}

export function personJson(person: string): string {
  return jsonObject(namesOf(person));
}

/** The Profile shape; `person` is the alias of `users`. */
export function profileJson(person: string): string {
  return jsonObject({
    id: `${person}.id::text`,
    ...namesOf(person),
    bio: `${person}.bio`,
    createdAt: isoTime(`${person}.created_at`),
  });
}

/**
 * Look-ups stand as scalar subqueries on purpose: they are index look-ups per row in every plan. As joins they
 * would become hash joins over whole tables whenever a generic plan guesses the page too large.
 * Their aliases (writer, home, mine, own) must not be aliases of the query around them: an argument such as "s.id"
 * would be captured.
 */
export function authorJson(authorId: string): string {
  return jsonObject(namesOf('writer'), `from users writer where writer.id = ${authorId}`);
}

/** What an account is shown of itself; `account` is the alias of `users`. */
export function meColumns(account: string): string {
  return ['id', 'username', 'display_name', 'email', 'bio', 'role', 'created_at'].map((column) => `${account}.${column}`).join(', ');
}

/** The row that `meColumns` gives. */
export const meRow = z.object({
  id: z.string(),
  username: z.string(),
  display_name: z.string(),
  email: z.string(),
  bio: z.string(),
  role: z.enum(['user', 'admin']),
  created_at: z.date(),
});
export type MeRow = z.output<typeof meRow>;
