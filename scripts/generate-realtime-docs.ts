/** Writes docs/realtime-protocol.md and platform/realtime-protocol.json. Run by `make docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderProtocolPage, renderProtocolSchema } from '@sanctum/platform/realtime-documentation';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'docs/realtime-protocol.md'), renderProtocolPage());
writeFileSync(join(root, 'platform/realtime-protocol.json'), renderProtocolSchema());
console.log('docs/realtime-protocol.md and platform/realtime-protocol.json written');
