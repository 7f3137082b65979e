/** Writes .env.example and docs/configuration.md from the settings catalogue. `node scripts/generate-config-docs.ts`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderConfigurationPage, renderEnvironmentExample } from '@sanctum/platform/config-documentation';

const root = join(import.meta.dirname, '..');
await mkdir(join(root, 'docs'), { recursive: true });
await writeFile(join(root, '.env.example'), renderEnvironmentExample());
await writeFile(join(root, 'docs/configuration.md'), renderConfigurationPage());
process.stdout.write('.env.example and docs/configuration.md written\n');
