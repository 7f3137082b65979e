/** Writes platform/openapi.json from the route declarations. `node scripts/generate-openapi.ts`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderApiDocument } from '@sanctum/platform/api-document';

const path = join(import.meta.dirname, '../platform/openapi.json');
await writeFile(path, await renderApiDocument());
process.stdout.write('platform/openapi.json written\n');
