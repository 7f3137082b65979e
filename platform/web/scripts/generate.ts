/**
 * Generates `src/api` from the platform's committed OpenAPI document.
 *
 * The generator prints code through TypeScript's JavaScript API, which TypeScript 7 no longer has; its
 * import of `typescript` is therefore answered by the last version that does (`typescript-js-api`).
 *
 * Usage: node scripts/generate.ts [path of the OpenAPI document]
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

registerHooks({
  resolve: (specifier, context, nextResolve) => nextResolve(specifier === 'typescript' ? 'typescript-js-api' : specifier, context),
});

const { createClient } = await import('@hey-api/openapi-ts');
const input = process.argv[2] ?? fileURLToPath(new URL('../../openapi.json', import.meta.url));

await createClient({
  input,
  output: { path: fileURLToPath(new URL('../src/api', import.meta.url)), clean: true, importFileExtension: '.ts' },
  plugins: [
    '@hey-api/typescript',
    { name: '@hey-api/client-fetch', throwOnError: true },
    { name: '@hey-api/sdk', operations: { strategy: 'flat' }, responseStyle: 'data' },
  ],
});
