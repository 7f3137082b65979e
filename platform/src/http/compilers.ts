/** Zod as Fastify's validator and serializer. Responses are parsed too: only declared fields leave the server. */
import type { FastifySchemaCompiler } from 'fastify';
import type { FastifySerializerCompiler } from 'fastify/types/schema.js';
import type { z } from 'zod';
import { AppError, type Problem } from '../errors.ts';

const problemsMax = 20;

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const inBody = httpPart === 'body';
  return (data: unknown) => {
    // Fastify presents a missing body as null.
    const result = schema.safeParse(inBody && data === null ? undefined : data);
    if (result.success) return { value: result.data };
    return { error: new AppError('request.invalid', { problems: toProblems(result.error, inBody) }) };
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

function toProblems(error: z.ZodError, inBody: boolean): Problem[] {
  return error.issues.slice(0, problemsMax).map((issue) => ({
    path: inBody ? pointer(issue.path) : issue.path.map(String).join('.'),
    message: issue.message,
  }));
}

/** JSON pointer, RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
