/** Shapes of posts on the wire. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../api/pages.ts';
import { idText, lineText, plainText, timestamp, webAddress } from '../../api/shapes.ts';
import { sanctumName } from '../sanctums/sanctums.schema.ts';
import { username } from '../users/users.schema.ts';

export const postTitleCharactersMax = 300;
export const postBodyCharactersMax = 40_000;
export const postUrlCharactersMax = 2048;
/** The longest body, escaped as it was written, fits (five bytes for each character). */
export const postHtmlBytesMax = 262_144;
/** Characters of the body that a list shows. */
export const postExcerptCharacters = 300;
/** A body of the longest text in which each character is escaped (six bytes), and room for the other fields. */
export const postBodyLimitBytes = 6 * postBodyCharactersMax + 16_384;

export const feedSortSchema = z.enum(['hot', 'new', 'top']);
export type FeedSort = z.output<typeof feedSortSchema>;

export const authorSchema = z.object({ username: z.string(), displayName: z.string() }).meta({ id: 'Author' });

export const postSchema = z
  .object({
    id: idText,
    kind: z.enum(['text', 'link']),
    title: z.string(),
    body: z.string().describe('Markdown as written; in lists the first 300 characters.'),
    bodyHtml: z.string().describe('The body as safe HTML; empty in lists.'),
    url: z.string().nullable().describe('The address a link post points at.'),
    sanctum: z.object({ name: z.string(), title: z.string() }),
    author: authorSchema,
    likeCount: z.number().int(),
    commentCount: z.number().int(),
    liked: z.boolean().describe('The reader likes it.'),
    createdAt: timestamp,
    editedAt: timestamp.nullable(),
    canEdit: z.boolean(),
    canDelete: z.boolean(),
  })
  .meta({ id: 'Post' });
export type Post = z.output<typeof postSchema>;

export const postPageSchema = pageOf(postSchema).meta({ id: 'PostPage' });

export const likeStateSchema = z.object({ likeCount: z.number().int(), liked: z.boolean() }).meta({ id: 'LikeState' });
export type LikeState = z.output<typeof likeStateSchema>;

export const postParamsSchema = z.object({ postId: idText });
export const sanctumFeedParamsSchema = z.object({ name: sanctumName });
export const userFeedParamsSchema = z.object({ username });

export const feedQuerySchema = pageQuery.extend({ sort: feedSortSchema.default('hot') });
export type FeedQuery = z.output<typeof feedQuerySchema>;

const titleField = lineText(postTitleCharactersMax);
const bodyField = plainText(postBodyCharactersMax);
const urlField = webAddress(postUrlCharactersMax);

export const createPostSchema = z
  .strictObject({
    kind: z.enum(['text', 'link']),
    title: titleField,
    body: bodyField.default(''),
    url: urlField.optional().describe('Required for a link post; not for a text post.'),
  })
  .refine((post) => (post.kind === 'link') === (post.url !== undefined), {
    path: ['url'],
    error: 'belongs to link posts, and each of them needs one',
  })
  .meta({ id: 'CreatePost' });
export type CreatePost = z.output<typeof createPostSchema>;

export const updatePostSchema = z
  .strictObject({ title: titleField.optional(), body: bodyField.optional() })
  .refine((change) => change.title !== undefined || change.body !== undefined, { error: 'changes nothing: send a title or a body' })
  .meta({ id: 'UpdatePost' });
export type UpdatePost = z.output<typeof updatePostSchema>;
