/** Writes bin/help.txt, which answers `--help` without loading anything. Run: npm run generate -w ops-cli */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mainHelp } from './main-help.ts';

writeFileSync(fileURLToPath(new URL('../bin/help.txt', import.meta.url)), mainHelp());
