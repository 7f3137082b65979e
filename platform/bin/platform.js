#!/usr/bin/env node
/**
 * Starts the platform. Plain JavaScript on purpose: the compile cache has to be on before the first TypeScript file is
 * read, else each start pays for loading the type stripper.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('../src/main.ts');
