/** Zod as Fastify's validator and serializer. Responses are parsed too: only declared fields leave the server. */
import type { FastifySchemaCompiler } from 'fastify';
import type { FastifySerializerCompiler } from 'fastify/types/schema.js';
import type { z } from 'zod';
import { AppError, type Problem } from '../../errors.ts';

const problemsMax = 20;

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const inBody = httpPart === 'body';
  return (data: unknown) => {
    // Fastify presents a missing body as null.
    const result = schema.safeParse(inBody && data === null ? undefined : data);
    if (result.success) return { value: result.data };
    return { error: new AppError('request.invalid', { problems: toProblems(schema, result.error, inBody) }) };
  };
};

export const serializerCompiler: FastifySerializerCompiler<z.ZodType> = ({ schema, method, url, httpStatus }) => {
  return (data: unknown) => {
    const result = schema.safeParse(data);
    if (result.success) return JSON.stringify(result.data);
    const where = result.error.issues.slice(0, problemsMax).map((issue) => `${pointer(issue.path)}: ${issue.message}`);
    throw new Error(`${method} ${url} answered ${httpStatus ?? ''} with a body that is not the declared one: ${where.join('; ')}`);
  };
};

function toProblems(schema: z.ZodType, error: z.ZodError, inBody: boolean): Problem[] {
  return error.issues.slice(0, problemsMax).map((issue) => {
    const path = declaredPath(schema, issue.path);
    return { path: inBody ? pointer(path) : path.map(String).join('.'), message: messageOf(issue) };
  });
}

/** Zod names what it does not know; a name that a client chose is nothing to send back or to log. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const { length } = issue.keys;
    return `holds ${length === 1 ? 'a field that is' : `${length} fields that are`} not known here; the API document lists the known ones`;
  }
  return issue.code === 'invalid_key' ? 'holds a key that is not valid' : issue.message;
}

/** The path as far as the API declares it: places in lists and declared names; keys of a map, which the client chose, become "*". */
function declaredPath(schema: z.ZodType, path: readonly PropertyKey[]): PropertyKey[] {
  const names = namesOf(schema);
  return path.map((part) => (typeof part === 'number' || names.has(part) ? part : '*'));
}

const namesBySchema = new WeakMap<z.ZodType, ReadonlySet<PropertyKey>>();

function namesOf(schema: z.ZodType): ReadonlySet<PropertyKey> {
  const known = namesBySchema.get(schema);
  if (known !== undefined) return known;
  const names = new Set<PropertyKey>();
  collectNames(schema, names, new Set());
  namesBySchema.set(schema, names);
  return names;
}

/** Every property name that a schema declares, at any depth: in its definition, which holds its parts whatever their kind. */
function collectNames(part: unknown, names: Set<PropertyKey>, seen: Set<unknown>): void {
  if (typeof part !== 'object' || part === null || seen.has(part)) return;
  seen.add(part);
  const definition: Readonly<Record<string, unknown>> = isSchema(part) ? { ...part._zod.def } : { ...part };
  for (const [key, value] of Object.entries(definition)) {
    if (key === 'shape' && typeof value === 'object' && value !== null) for (const name of Object.keys(value)) names.add(name);
    collectNames(value, names, seen);
  }
}

function isSchema(value: object): value is z.ZodType {
  return '_zod' in value;
}

/** JSON pointer, RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
