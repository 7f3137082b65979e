/** Requests made from a route's own declaration: mostly what it asks for, partly what nobody should send. */
import fc from 'fast-check';
import { z } from 'zod';
import type { Route } from '../../src/http/routes/route.ts';

/** Values that lead to things that are there, by the name of the field. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

export interface FuzzRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** JSON text, or something that is none; undefined sends no body. */
  readonly body: string | undefined;
  readonly contentType: string;
  readonly idempotencyKey: string | undefined;
}

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const textCharactersMax = 400;

export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  'https://example.org/\0',
  'lone \ud800 surrogate',
  '\udfff',
  '0',
  '-1',
  '01',
  '1e309',
  '0x7fffffff',
  '999999999999999999',
  '9223372036854775808',
  '99999999999999999999',
  'NaN',
  'null',
  'true',
  '../../../etc/passwd',
  '%00',
  '%E0%A4%A',
  "'; drop table users; --",
  '$1',
  '{}',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  '[a](javascript:alert(1))',
  '__proto__',
  'constructor',
  'İıſß',
  '\u202eevil\u2066',
  '👩‍👩‍👧‍👦'.repeat(30),
  'A'.repeat(130),
  'A'.repeat(3000),
  `"${'('.repeat(60)} or -"`,
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-fffffffffffg',
];

const hostileText = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...hostileTexts) }, fc.string({ unit: 'binary', maxLength: 60 }));
const hostileJson = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, -1, 0.5, 1e300, 2 ** 53, [], {}, [[]], [null], { length: 3 }, { toString: 'x' }),
);
const notJson = fc.constantFrom('', '{', 'null', '[]', '"text"', '{"a":1,}', '{"__proto__":{"x":1}}', `${'['.repeat(40)}${']'.repeat(40)}`);

/** Requests for one route. */
export function requestOf(route: Route, known: KnownValues): fc.Arbitrary<FuzzRequest> {
  const { params, querystring, body } = route.schema;
  const contentTypes = fc.oneof(
    { weight: 30, arbitrary: fc.constant('application/json') },
    fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16'),
  );
  return fc.record({
    params: params === undefined ? fc.constant({}) : fieldsOf(jsonSchemaOf(params), known, hostileText, true),
    query: querystring === undefined ? fc.constant({}) : fieldsOf(jsonSchemaOf(querystring), known, fc.oneof(hostileText, twice), false),
    body: body === undefined ? fc.constant(undefined) : bodyOf(jsonSchemaOf(body), known),
    contentType: contentTypes,
    idempotencyKey: fc.option(fc.constantFrom('a-key-that-comes-again', 'short', 'another-key-0001'), { nil: undefined, freq: 4 }),
  });
}

/** A parameter that is given two times. */
const twice = fc.constant(['1', '2']);

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const converted = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
  return resolve(converted, converted.$defs ?? {});
}

function resolve(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const name = schema.$ref?.replace('#/$defs/', '');
  return name === undefined ? schema : (definitions[name] ?? schema);
}

function bodyOf(schema: JsonSchema, known: KnownValues): fc.Arbitrary<string | undefined> {
  const text = fieldsOf(schema, known, hostileJson, false).map((value) => JSON.stringify(value));
  return fc.oneof({ weight: 12, arbitrary: text }, { weight: 1, arbitrary: notJson }, { weight: 1, arbitrary: fc.constant(undefined) });
}

/** All fields as declared, or all but one: a second mistake would hide the first. */
function fieldsOf(
  schema: JsonSchema,
  known: KnownValues,
  hostile: fc.Arbitrary<unknown>,
  complete: boolean,
): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const planted = known[name];
    return [name, planted === undefined ? valueOf(field) : fc.constantFrom(...planted)] as const;
  });
  const valid = fc.record(Object.fromEntries(fields), complete ? {} : { requiredKeys: [...(schema.required ?? [])] });
  const names = [...fields.map(([name]) => name), ...(complete ? [] : ['unexpected'])];
  const spoiled = fc.tuple(valid, fc.constantFrom(...names), hostile).map(([fine, name, value]) => ({ ...fine, [name]: value }));
  return fc.oneof({ weight: 3, arbitrary: valid }, { weight: 2, arbitrary: spoiled });
}

function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valueOf));
  switch (schema.type) {
    case 'integer':
    case 'number':
      return fc.integer({ min: Math.max(schema.minimum ?? 0, -1e9), max: Math.min(schema.maximum ?? 100, 1e9) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return textOf(schema);
    case undefined:
    default:
      return hostileJson;
  }
}

function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema.format === 'email') return fc.stringMatching(/^[a-z]{3,12}@[a-z]{3,12}\.org$/);
  if (schema.format === 'uri') return fc.webUrl();
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.format === 'password') return fc.string({ unit: 'grapheme', minLength: 12, maxLength: 40 });
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern), { size: 'small' });
  return fc.string({
    unit: 'grapheme',
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? textCharactersMax, textCharactersMax),
  });
}
