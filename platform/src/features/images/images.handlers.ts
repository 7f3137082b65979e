/** Routes of pictures in conversations. */
import { requireReader } from '../../api/reader.ts';
import { binaryBody, binaryResponse, defineRoute, type Route } from '../../http/routes/route.ts';
import { sendJsonText } from '../../http/server/json-text.ts';
import { imageBytesMax } from './image-work.ts';
import * as schema from './images.schema.ts';
import type { Images } from './images.service.ts';

/** It never changes under its name; whoever is not allowed to see it any longer may still hold what they saw. */
const cachedSeconds = 365 * 24 * 3600;

const headersOfFile = {
  'content-type': 'image/webp',
  'content-disposition': 'inline; filename="picture.webp"',
  'cache-control': `private, max-age=${cachedSeconds}, immutable`,
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

export function createImageRoutes({ images }: { readonly images: Images }): Route[] {
  const common = { tags: ['messages'], access: 'user', degradation: 'full' } as const;
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/conversations/:conversationId/images',
      operationId: 'uploadImage',
      summary: 'Upload a picture to send in this conversation: the bytes of a JPEG, PNG, WebP or GIF as the body',
      rateLimit: 'upload',
      bodyLimitBytes: imageBytesMax,
      statementsMax: 3,
      // One that is uploaded twice and sent once is swept an hour later.
      idempotent: false,
      errors: ['conversation.not_found', 'image.not_one', 'image.too_many_pixels', 'server.busy'],
      schema: { params: schema.uploadParams, body: binaryBody, response: { 201: schema.image } },
      handler: async ({ params, body, raw }, reply) =>
        sendJsonText(reply, await images.keep(requireReader(raw), params.conversationId, body)),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/conversations/:conversationId/images/:imageId',
      operationId: 'getImage',
      summary: 'A picture, for who may see the message it is in',
      rateLimit: 'read',
      statementsMax: 1,
      errors: ['image.not_found'],
      schema: { params: schema.imageParams, response: { 200: binaryResponse('image/webp') } },
      handler: async ({ params, raw }, reply) => {
        const bytes = await images.read(requireReader(raw), params.conversationId, params.imageId);
        return reply.headers(headersOfFile).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      },
    }),
  ];
}
