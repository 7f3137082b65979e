/** Starts the platform; platform/bin/platform.js is the faster way in. The environment is described in docs/configuration.md. */
import { start } from './start.ts';

await start(process.env);
