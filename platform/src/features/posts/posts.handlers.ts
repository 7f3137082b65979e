import { z } from 'zod';
import { sendJsonText } from '../../http/server/json-text.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import * as schema from './posts.schema.ts';
import type { Posts } from './posts.service.ts';

const tags = ['posts'];

export function createPostRoutes({ posts }: { readonly posts: Posts }): Route[] {
  return [...readingRoutes(posts), ...writingRoutes(posts), ...likingRoutes(posts)];
}

function readingRoutes(posts: Posts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/posts/:postId',
      operationId: 'getPost',
      summary: 'One post',
      tags,
      access: 'public',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['post.not_found'],
      schema: { params: schema.postParamsSchema, response: { 200: schema.postSchema } },
      handler: async ({ params, raw }, reply) => sendJsonText(reply, await posts.get(raw.reader, params.postId)),
    }),
  ];
}

function writingRoutes(posts: Posts): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/sanctums/:name/posts',
      operationId: 'createPost',
      summary: 'Write a post',
      tags,
      access: 'user',
      rateLimit: 'post',
      bodyLimitBytes: schema.postBodyLimitBytes,
      statementsMax: 5,
      degradation: 'full',
      idempotent: true,
      errors: ['sanctum.not_found', 'sanctum.not_member', 'text.too_costly'],
      schema: { params: schema.sanctumFeedParamsSchema, body: schema.createPostSchema, response: { 201: schema.postSchema } },
      handler: async ({ params, body, raw, once }) => {
        const reader = requireReader(raw);
        const bodyHtml = await posts.render(body.body);
        return await once((tx) => posts.create(tx, reader, params.name, body, bodyHtml));
      },
    }),
    defineRoute({
      method: 'PATCH',
      url: '/api/posts/:postId',
      operationId: 'updatePost',
      summary: 'Change a post of your own',
      tags,
      access: 'user',
      rateLimit: 'write',
      bodyLimitBytes: schema.postBodyLimitBytes,
      statementsMax: 2,
      degradation: 'full',
      errors: ['post.not_found', 'access.denied', 'text.too_costly'],
      schema: { params: schema.postParamsSchema, body: schema.updatePostSchema, response: { 200: schema.postSchema } },
      handler: async ({ params, body, raw }, reply) => sendJsonText(reply, await posts.update(requireReader(raw), params.postId, body)),
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/posts/:postId',
      operationId: 'deletePost',
      summary: 'Delete a post',
      tags,
      access: 'user',
      rateLimit: 'write',
      statementsMax: 5,
      degradation: 'full',
      errors: ['post.not_found', 'access.denied'],
      schema: { params: schema.postParamsSchema, response: { 204: z.undefined() } },
      handler: async ({ params, raw }, reply) => {
        await posts.remove(requireReader(raw), params.postId);
        return reply.code(204).send();
      },
    }),
  ];
}

function likingRoutes(posts: Posts): Route[] {
  const like = (liked: boolean) =>
    defineRoute({
      method: liked ? 'PUT' : 'DELETE',
      url: '/api/posts/:postId/like',
      operationId: liked ? 'likePost' : 'unlikePost',
      summary: liked ? 'Like a post' : 'Take the like back',
      tags,
      access: 'user',
      rateLimit: 'like',
      statementsMax: 1,
      degradation: 'full',
      errors: ['post.not_found'],
      schema: { params: schema.postParamsSchema, response: { 200: schema.likeStateSchema } },
      handler: ({ params, raw }) => posts.setLiked(requireReader(raw), params.postId, liked),
    });
  return [like(true), like(false)];
}
