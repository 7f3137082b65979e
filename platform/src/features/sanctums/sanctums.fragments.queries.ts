/** Pieces of SQL about sanctums that queries share. No entry of the catalogue stands here. */
import { jsonObject } from '../../db/json.fragments.queries.ts';
import { isoTime } from '../../db/time.fragments.queries.ts';
import { hiddenMembers } from '../blocks/blocks.fragments.queries.ts';
import { descriptionExcerptCharacters } from './sanctums.schema.ts';

/** The Sanctum shape in a list; `sanctum` is the alias of `sanctums`, `role` the expression of the role in it that `reader` (a placeholder) has. */
export function sanctumJson(sanctum: string, role: string, reader: string): string {
  return jsonObject({
    id: `${sanctum}.id::text`,
    name: `${sanctum}.name`,
    title: `${sanctum}.title`,
    description: `left(${sanctum}.description, ${descriptionExcerptCharacters})`,
    visibility: `${sanctum}.visibility`,
    memberCount: `${sanctum}.member_count - ${hiddenMembers(`${sanctum}.id`, reader)}`,
    createdAt: isoTime(`${sanctum}.created_at`),
    role,
  });
}
