import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIV3_1 } from 'openapi-types';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { renderApiDocument } from '../../api-document.ts';
import { errorCatalogue } from '../../errors.ts';
import { buildOpenApi } from './openapi.ts';
import { defineRoute } from './route.ts';

let text: string;
let document: OpenAPIV3_1.Document;
beforeAll(async () => {
  text = await renderApiDocument();
  document = JSON.parse(text) as OpenAPIV3_1.Document;
});

function operations(): [string, OpenAPIV3_1.OperationObject][] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]): [string, OpenAPIV3_1.OperationObject] => [
      `${method} ${path}`,
      operation as OpenAPIV3_1.OperationObject,
    ]),
  );
}

describe('the API document', () => {
  test('is the committed one: else run node scripts/generate-openapi.ts', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../openapi.json'), 'utf8')).toBe(text);
  });

  test('is OpenAPI 3.1 and every reference in it leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references)
      expect(document.components?.schemas, reference).toHaveProperty([reference.replace('#/components/schemas/', '')]);
  });

  test('describes for every operation who may call it, what it answers and how it fails', () => {
    expect(operations().length).toBeGreaterThan(30);
    for (const [name, operation] of operations()) {
      expect(operation.operationId, name).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.security, name).toBeDefined();
      const statuses = Object.keys(operation.responses ?? {}).map(Number);
      expect(
        statuses.some((status) => status < 300),
        name,
      ).toBe(true);
      expect(
        statuses.some((status) => status >= 400),
        name,
      ).toBe(true);
    }
  });

  test('declares every parameter of a path', () => {
    for (const [name, operation] of operations()) {
      const inPath = [...name.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).flatMap((parameter) =>
        'in' in parameter && parameter.in === 'path' ? [parameter.name] : [],
      );
      expect(declared.sort(), name).toEqual(inPath.sort());
    }
  });

  test('names only errors of the catalogue', () => {
    const described = operations().flatMap(([, operation]) =>
      Object.entries(operation.responses ?? {})
        .filter(([status]) => Number(status) >= 400)
        .flatMap(([, response]) =>
          'description' in response && 'content' in response && response.content?.['application/problem+json'] !== undefined
            ? response.description.split(', ')
            : [],
        ),
    );
    expect(described.length).toBeGreaterThan(100);
    for (const code of new Set(described)) expect(errorCatalogue).toHaveProperty([code]);
  });

  test('refuses two shapes of one id', () => {
    const common = {
      method: 'GET',
      tags: ['t'],
      summary: 's',
      access: 'public',
      rateLimit: 'read',
      statementsMax: 0,
      degradation: 'full',
    } as const;
    // Zod itself may refuse the second id first; either way nobody gets a document with one of the two.
    const build = () => {
      const first = z.object({ a: z.string() }).meta({ id: 'PlantedTwin' });
      const second = z.object({ b: z.number() }).meta({ id: 'PlantedTwin' });
      return buildOpenApi([
        defineRoute({ ...common, url: '/api/a', operationId: 'a', schema: { response: { 200: first } }, handler: async () => ({ a: '' }) }),
        defineRoute({ ...common, url: '/api/b', operationId: 'b', schema: { response: { 200: second } }, handler: async () => ({ b: 1 }) }),
      ]);
    };
    expect(build).toThrow(/PlantedTwin/);
  });
});
