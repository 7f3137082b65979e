/**
 * Finds, or installs, the programs that tests need besides npm packages: Redis, nginx and a Chromium.
 * As root they come from Debian's packages; without root they are unpacked into .sanctum/tools.
 * Exit 0: all are there and run. In CI a missing one is exit 1; elsewhere it is said, with what to install.
 */
import { acquireLock } from '../platform/local/lock.ts';
import { toolsFolder } from '../platform/test/harness/tools.ts';
import { createChromiumTool } from './tools/chromium.ts';
import { ensureTool } from './tools/ensure-tool.ts';
import { nginx } from './tools/nginx.ts';
import { redis } from './tools/redis.ts';

const lockWaitMs = 900_000;

const release = await acquireLock(`${toolsFolder}.lock`, { purpose: 'make tools', waitMs: lockWaitMs });
try {
  let missing = 0;
  for (const tool of [redis, nginx, createChromiumTool()]) {
    const ensured = await ensureTool(tool, { environment: process.env, toolsFolder }, console.error);
    if (ensured.kind === 'installed') console.error(`${tool.title}: ${ensured.programs.join(', ')}`);
    if (ensured.kind !== 'missing') continue;
    missing += 1;
    console.error(`${tool.title} could not be had:\n${ensured.tried.map((line) => `  ${line}`).join('\n')}`);
    console.error(`To go on, ${tool.advice}; then run: make tools. Tests that need it are skipped here, and fail in CI.`);
  }
  process.exitCode = missing > 0 && process.env['CI'] === 'true' ? 1 : 0;
} finally {
  release();
}
