/**
 * The API document (OpenAPI 3.1), computed from the route declarations: the same schemas that validate requests and
 * shape answers. Schemas with an id become components; nothing is written twice.
 */
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import { type ErrorCode, errorCatalogue } from '../../errors.ts';
import { rateLimits } from '../../limits/rate-limits.ts';
import { successStatus } from './register-routes.ts';
import { binaryBody, type Route } from './route.ts';

type Schema = OpenAPIV3_1.SchemaObject;
type Operation = OpenAPIV3_1.OperationObject;

const apiVersion = '1.0.0';
const problemReference = { $ref: '#/components/schemas/Problem' };

/** Shape of every error body, RFC 9457. */
const problemSchema: Schema = {
  type: 'object',
  description: 'What went wrong and what to do about it (RFC 9457).',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', description: 'Where this error is documented.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errorCatalogue) },
    detail: { type: 'string', description: 'What the reader can do.' },
    requestId: { type: 'string' },
    problems: {
      type: 'array',
      items: { type: 'object', required: ['path', 'message'], properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

/** Deterministic for the same declarations. Throws when two different shapes share an id. */
export function buildOpenApi(routes: readonly Route[]): OpenAPIV3_1.Document {
  const components = createComponents();
  const paths: Record<string, Record<string, Operation>> = {};
  const documented = routes.filter((route) => route.access !== 'operations' || !route.url.startsWith('/api/'));
  for (const route of [...documented].sort(byUrlThenMethod)) {
    const path = route.url.replaceAll(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sanctum',
      version: apiVersion,
      description:
        'The API of a social platform for hobbies and interests. Errors are problem+json; every code is explained at /api/errors.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.flatMap((route) => route.tags))].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...components.sorted(), Problem: problemSchema },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Access token of an API user.' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'sanctum_access',
          description: 'Set by signing in from the web app; over https its name begins with __Host-.',
        },
      },
    },
  };
}

function byUrlThenMethod(left: Route, right: Route): number {
  const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  if (left.url !== right.url) return left.url < right.url ? -1 : 1;
  return order.indexOf(left.method) - order.indexOf(right.method);
}

function operationOf(route: Route, components: Components): Operation {
  const { schema } = route;
  const limit = rateLimits[route.rateLimit];
  const parameters = [
    ...parametersOf('path', schema.params, components),
    ...parametersOf('query', schema.querystring, components),
    ...(route.idempotent === true ? [idempotencyParameter] : []),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [...route.tags],
    description: `At most ${limit.points} requests per ${limit.windowSeconds} s and ${limit.per}.${schema.body === undefined ? '' : ` Body: at most ${route.bodyLimitBytes ?? 65_536} bytes.`}`,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(schema.body === undefined
      ? {}
      : {
          requestBody: {
            required: !schema.body.safeParse(undefined).success,
            content: { [mediaTypeOfBody(schema.body)]: { schema: components.convert(schema.body, 'input') } },
          },
        }),
    responses: { ...successResponses(route, components), ...problemResponses(route) },
    security: securityOf(route),
  };
}

const idempotencyParameter: OpenAPIV3_1.ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'New for every new thing; the same key again returns the first answer instead of creating twice.',
  schema: { type: 'string', minLength: 8, maxLength: 128, pattern: '^[A-Za-z0-9_-]+$' },
};

function securityOf(route: Route): OpenAPIV3_1.SecurityRequirementObject[] {
  const signedIn = [{ bearer: [] }, { cookie: [] }];
  if (route.access === 'operations') return [];
  return route.access === 'public' ? [{}, ...signedIn] : signedIn;
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, components: Components): OpenAPIV3_1.ParameterObject[] {
  if (schema === undefined) return [];
  const object = components.convert(schema, 'input');
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties ?? {}).map(([name, property]) => {
    // Zod writes the properties of a JSON schema as schemas.
    const { description, ...rest } = property as Schema;
    const parameter: OpenAPIV3_1.ParameterObject = {
      name,
      in: place,
      required: place === 'path' || required.has(name),
      ...(description === undefined ? {} : { description }),
      schema: rest as OpenAPIV3_1.ParameterObject['schema'] & object,
    };
    return parameter;
  });
}

function successResponses(route: Route, components: Components): Record<string, OpenAPIV3_1.ResponseObject> {
  const responses: Record<string, OpenAPIV3_1.ResponseObject> = {};
  for (const [status, schema] of Object.entries(route.schema.response)) {
    const description = Number(status) === successStatus(route) ? route.summary : `Status ${status}`;
    responses[status] = isEmpty(schema)
      ? { description }
      : { description, content: { [mediaTypeOf(schema)]: { schema: components.convert(schema, 'output') } } };
  }
  return responses;
}

function isEmpty(schema: z.ZodType): boolean {
  return schema instanceof z.ZodUndefined || schema instanceof z.ZodVoid || schema instanceof z.ZodNull || schema instanceof z.ZodNever;
}

function mediaTypeOfBody(schema: z.ZodType): string {
  return schema === binaryBody ? 'application/octet-stream' : 'application/json';
}

function mediaTypeOf(schema: z.ZodType): string {
  const declared = schema.meta()?.['mediaType'];
  if (typeof declared === 'string') return declared;
  return schema instanceof z.ZodString ? 'text/plain' : 'application/json';
}

/** Codes that any route of its kind can answer with, besides those it declares. */
function generalErrors(route: Route): ErrorCode[] {
  const { schema } = route;
  const codes: ErrorCode[] = ['request.rate_limited', 'server.internal'];
  if (route.access === 'operations') return codes;
  codes.push('server.busy', 'server.timeout', 'auth.token_invalid');
  if (schema.params !== undefined || schema.querystring !== undefined || schema.body !== undefined) codes.push('request.invalid');
  if (schema.body !== undefined)
    codes.push('request.malformed_json', 'request.too_deep', 'request.body_too_large', 'request.unsupported_media_type');
  if (route.method !== 'GET') codes.push('request.cross_site');
  if (route.access === 'user' || route.access === 'admin') codes.push('auth.required');
  if (route.access === 'admin') codes.push('access.denied');
  if (route.statementsMax > 0) codes.push('server.database_unavailable');
  if (route.statementsMax > 0 && route.method !== 'GET') codes.push('server.storage_full');
  if (route.idempotent === true) codes.push('idempotency.key_invalid', 'idempotency.key_reused', 'idempotency.in_progress');
  return codes;
}

function problemResponses(route: Route): Record<string, OpenAPIV3_1.ResponseObject> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...(route.errors ?? []), ...generalErrors(route)])) {
    const { status } = errorCatalogue[code];
    if (status in route.schema.response) continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const sorted = [...byStatus].sort(([left], [right]) => left - right);
  return Object.fromEntries(
    sorted.map(([status, codes]) => [
      String(status),
      { description: codes.sort().join(', '), content: { 'application/problem+json': { schema: problemReference } } },
    ]),
  );
}

type Direction = 'input' | 'output';

interface Components {
  /** The schema, or a reference when it has an id; schemas with an id become components. */
  convert(schema: z.ZodType, direction: Direction): Schema;
  sorted(): Record<string, Schema>;
}

interface ConvertedSchema extends Record<string, unknown> {
  readonly $schema?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

function createComponents(): Components {
  // Bounded: one shape per id of the route catalogue, while one document is written.
  const known = new Map<string, Schema>();

  function add(id: string, schema: Schema): void {
    const earlier = known.get(id);
    if (earlier === undefined) known.set(id, schema);
    else if (JSON.stringify(earlier) !== JSON.stringify(schema))
      throw new Error(`two different shapes share the schema id "${id}": give the request body its own id`);
  }

  return {
    convert: (schema, direction) => {
      const converted = z.toJSONSchema(schema, {
        io: direction,
        unrepresentable: 'any',
        reused: 'inline',
        override: withoutDatePattern,
      }) as ConvertedSchema;
      const { $schema: _dialect, $defs, ...body } = converted;
      for (const [id, definition] of Object.entries($defs ?? {})) add(id, pointToComponents(withoutId(definition)));
      return pointToComponents(body as Schema);
    },
    sorted: () => Object.fromEntries([...known].sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}

/** Zod writes the calendar as a pattern beside the format; the format says it in two words. */
function withoutDatePattern({ jsonSchema }: { readonly jsonSchema: { format?: string | undefined; pattern?: string | undefined } }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

function withoutId(schema: Schema): Schema {
  const { id: _id, ...rest } = schema as Schema & { id?: string };
  return rest as Schema;
}

function pointToComponents(schema: Schema): Schema {
  // The same schema with other addresses in it.
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Schema;
}
