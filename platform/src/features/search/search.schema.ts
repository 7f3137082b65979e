/** Shapes of the search. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../api/pages.ts';
import { lineText } from '../../api/shapes.ts';
import { postSchema } from '../posts/posts.schema.ts';
import { sanctum } from '../sanctums/sanctums.schema.ts';
import { profile } from '../users/users.schema.ts';

export const searchTextCharactersMax = 100;
export const searchKindSchema = z.enum(['posts', 'sanctums', 'people']);

export const searchQuerySchema = pageQuery.extend({
  q: lineText(searchTextCharactersMax).describe(
    'Posts: up to 12 words, "a phrase", or, -without. Sanctums and people: how the name begins.',
  ),
  kind: searchKindSchema.default('posts'),
});
export type SearchQuery = z.output<typeof searchQuerySchema>;

export const searchPageSchema = pageOf(z.union([postSchema, sanctum, profile]))
  .describe('Items are posts, sanctums or profiles, all of the kind that was asked for.')
  .meta({ id: 'SearchPage' });
