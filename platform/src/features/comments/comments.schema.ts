/** Shapes of comments on the wire. */
import { z } from 'zod';
import { cursorCharactersMax } from '../../api/cursor.ts';
import { pageItemsMax } from '../../api/pages.ts';
import { idText, requiredText, timestamp } from '../../api/shapes.ts';
import { authorSchema } from '../posts/posts.schema.ts';

export const commentBodyCharactersMax = 10_000;
export const commentBodyLimitBytes = 6 * commentBodyCharactersMax + 4096;
/** The longest body, escaped as it was written, fits (five bytes for each character). */
export const commentHtmlBytesMax = 65_536;
/** A reply to a comment of this depth is refused; roots have depth 0. */
export const commentDepthMax = 50;
/** Siblings of the asked-for level that one window shows unless the request says otherwise. */
export const commentSiblingsDefault = 20;
/** Comments of one window; the levels are filled from the top. */
export const commentWindowItemsMax = 200;
/** Text and HTML of one window together, before they become JSON; one comment always fits. */
export const commentWindowBytesMax = 524_288;
/** More siblings left than this are not counted: counting 100,000 of them would cost more than the window. */
export const commentRemainingMax = 1000;

export const commentSortSchema = z.enum(['top', 'new']);
export type CommentSort = z.output<typeof commentSortSchema>;

export const commentSchema = z
  .object({
    id: idText,
    parentId: idText.nullable(),
    depth: z.number().int(),
    author: authorSchema.nullable().describe('null once the comment is deleted.'),
    body: z.string().describe('Markdown as written; empty once deleted.'),
    bodyHtml: z.string(),
    likeCount: z.number().int(),
    liked: z.boolean(),
    childCount: z.number().int(),
    createdAt: timestamp,
    editedAt: timestamp.nullable(),
    deleted: z.boolean(),
    canEdit: z.boolean(),
    canDelete: z.boolean(),
  })
  .meta({ id: 'Comment' });
export type Comment = z.output<typeof commentSchema>;

export const commentWindowSchema = z
  .object({
    items: z.array(commentSchema).describe('Flat: parents before children, siblings in their order.'),
    more: z.array(
      z.object({
        parentId: idText.nullable().describe('Whose children are left; null for the comments of the post itself.'),
        cursor: z.string().describe('Send it together with parentId.'),
        remaining: z
          .number()
          .int()
          .describe(`Siblings left on this level; of the asked-for level at most ${commentRemainingMax} are counted.`),
      }),
    ),
  })
  .meta({ id: 'CommentWindow' });
export type CommentWindow = z.output<typeof commentWindowSchema>;

export const commentWindowQuerySchema = z.object({
  sort: commentSortSchema.default('top'),
  parentId: idText.optional().describe('Only what stands below this comment.'),
  cursor: z.string().min(1).max(cursorCharactersMax).optional().describe('From an entry of "more", together with its parentId.'),
  limit: z.coerce.number().int().min(1).max(pageItemsMax).default(commentSiblingsDefault).describe('Most siblings of the asked-for level.'),
});
export type CommentWindowQuery = z.output<typeof commentWindowQuerySchema>;

export const commentParamsSchema = z.object({ commentId: idText });

const bodyField = requiredText(commentBodyCharactersMax);
export const createCommentSchema = z.strictObject({ body: bodyField, parentId: idText.optional() }).meta({ id: 'CreateComment' });
export type CreateComment = z.output<typeof createCommentSchema>;
export const updateCommentSchema = z.strictObject({ body: bodyField }).meta({ id: 'UpdateComment' });
