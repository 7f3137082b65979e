import { z } from 'zod';
import { sendJsonText } from '../../http/server/json-text.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { likeStateSchema, postParamsSchema } from '../posts/posts.schema.ts';
import * as schema from './comments.schema.ts';
import type { Comments } from './comments.service.ts';

/** Locking, entombing, counting, and one step up for every deleted ancestor that is left without answers. */
const deleteStatementsMax = schema.commentDepthMax + 6;

const tags = ['comments'];

export function createCommentRoutes({ comments }: { readonly comments: Comments }): Route[] {
  return [...readingRoutes(comments), ...writingRoutes(comments), ...likingRoutes(comments)];
}

function readingRoutes(comments: Comments): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/posts/:postId/comments',
      operationId: 'listComments',
      summary: 'A window of the thread',
      tags,
      access: 'public',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['post.not_found', 'comment.not_found', 'cursor.invalid', 'cursor.foreign'],
      schema: { params: postParamsSchema, querystring: schema.commentWindowQuerySchema, response: { 200: schema.commentWindowSchema } },
      handler: async ({ params, query, raw }, reply) => sendJsonText(reply, await comments.window(raw.reader, params.postId, query)),
    }),
  ];
}

function writingRoutes(comments: Comments): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/posts/:postId/comments',
      operationId: 'createComment',
      summary: 'Comment on a post or answer a comment',
      tags,
      access: 'user',
      rateLimit: 'comment',
      bodyLimitBytes: schema.commentBodyLimitBytes,
      statementsMax: 5,
      degradation: 'full',
      idempotent: true,
      errors: ['post.not_found', 'comment.not_found', 'comment.too_deep', 'text.too_costly', 'sanctum.banned'],
      schema: { params: postParamsSchema, body: schema.createCommentSchema, response: { 201: schema.commentSchema } },
      handler: async ({ params, body, raw, once }) => {
        const reader = requireReader(raw);
        const bodyHtml = await comments.render(body.body);
        return await once((tx) => comments.create(tx, reader, params.postId, body, bodyHtml));
      },
    }),
    defineRoute({
      method: 'PATCH',
      url: '/api/comments/:commentId',
      operationId: 'updateComment',
      summary: 'Change a comment of your own',
      tags,
      access: 'user',
      rateLimit: 'write',
      bodyLimitBytes: schema.commentBodyLimitBytes,
      statementsMax: 2,
      degradation: 'full',
      errors: ['comment.not_found', 'access.denied', 'text.too_costly'],
      schema: { params: schema.commentParamsSchema, body: schema.updateCommentSchema, response: { 200: schema.commentSchema } },
      handler: async ({ params, body, raw }, reply) =>
        sendJsonText(reply, await comments.update(requireReader(raw), params.commentId, body.body)),
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/comments/:commentId',
      operationId: 'deleteComment',
      summary: 'Delete a comment; it keeps its place while answers hang below it',
      tags,
      access: 'user',
      rateLimit: 'write',
      statementsMax: deleteStatementsMax,
      degradation: 'full',
      errors: ['comment.not_found', 'access.denied'],
      schema: { params: schema.commentParamsSchema, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await comments.remove(requireReader(raw), params.commentId);
        return reply.code(204).send();
      },
    }),
  ];
}

function likingRoutes(comments: Comments): Route[] {
  const like = (liked: boolean) =>
    defineRoute({
      method: liked ? 'PUT' : 'DELETE',
      url: '/api/comments/:commentId/like',
      operationId: liked ? 'likeComment' : 'unlikeComment',
      summary: liked ? 'Like a comment' : 'Take the like back',
      tags,
      access: 'user',
      rateLimit: 'like',
      statementsMax: 1,
      degradation: 'full',
      errors: ['comment.not_found'],
      schema: { params: schema.commentParamsSchema, response: { 200: likeStateSchema } },
      handler: ({ params, raw }) => comments.setLiked(requireReader(raw), params.commentId, liked),
    });
  return [like(true), like(false)];
}
