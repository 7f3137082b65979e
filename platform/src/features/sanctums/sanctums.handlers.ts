/** Routes of sanctums. */
import { sendJsonText } from '../../http/server/json-text.ts';
import { requireReader } from '../../api/reader.ts';
import { defineRoute, type Route } from '../../http/routes/route.ts';
import { createSanctumBody, sanctum, sanctumListQuery, sanctumPage, sanctumParams, updateSanctumBody } from './sanctums.schema.ts';
import type { Sanctums } from './sanctums.service.ts';

/** A description of the longest text in which each character is escaped (six bytes), and room for the other fields. */
const bodyBytesMax = 32_768;

export function createSanctumRoutes({ sanctums }: { readonly sanctums: Sanctums }): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/sanctums',
      operationId: 'createSanctum',
      summary: 'Found a sanctum and own it',
      tags: ['sanctums'],
      access: 'user',
      rateLimit: 'write',
      bodyLimitBytes: bodyBytesMax,
      statementsMax: 4,
      degradation: 'full',
      idempotent: true,
      errors: ['sanctum.name_taken'],
      schema: { body: createSanctumBody, response: { 201: sanctum } },
      handler: ({ body, raw, once }) => {
        const reader = requireReader(raw);
        return once((tx) => sanctums.create(tx, reader, body));
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/sanctums',
      operationId: 'listSanctums',
      summary: 'Sanctums, biggest first',
      tags: ['sanctums'],
      access: 'public',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['auth.required', 'cursor.invalid', 'cursor.foreign'],
      schema: { querystring: sanctumListQuery, response: { 200: sanctumPage } },
      handler: async ({ query, raw }, reply) => {
        const { mine, cursor, limit } = query;
        return sendJsonText(reply, await sanctums.listText(raw.reader, { mine: mine === 'true', cursor, limit }));
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/sanctums/:name',
      operationId: 'getSanctum',
      summary: 'One sanctum',
      tags: ['sanctums'],
      access: 'public',
      rateLimit: 'read',
      statementsMax: 1,
      degradation: 'full',
      errors: ['sanctum.not_found'],
      schema: { params: sanctumParams, response: { 200: sanctum } },
      handler: ({ params, raw }) => sanctums.get(raw.reader, params.name),
    }),
    defineRoute({
      method: 'PATCH',
      url: '/api/sanctums/:name',
      operationId: 'updateSanctum',
      summary: 'Change title or description; the visibility only as its owner',
      tags: ['sanctums'],
      access: 'user',
      rateLimit: 'write',
      bodyLimitBytes: bodyBytesMax,
      statementsMax: 7,
      degradation: 'full',
      errors: ['sanctum.not_found', 'access.denied', 'sanctum.stays_private'],
      schema: { params: sanctumParams, body: updateSanctumBody, response: { 200: sanctum } },
      handler: ({ params, body, raw }) => sanctums.update(requireReader(raw), params.name, body),
    }),
  ];
}
