/** A configuration for tests: every setting at its default, secrets made up. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type Environment, loadConfig } from '../../src/config/config.ts';

export const testJwtSecret = 'k3Jd0vTq7Zx1Lw9Rb5Yc8Nf2Hs6Mg4PaUeXiQoWt';

export function testConfig(environment: Environment = {}): Config {
  return loadConfig({
    DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
    JWT_SECRET: testJwtSecret,
    PORT: '0',
    LOG_LEVEL: 'error',
    JOBS_ENABLED: 'false',
    FILES_FOLDER: join(tmpdir(), 'sanctum-test-files'),
    // A neighbour's load is no reason to refuse requests of a test.
    EVENT_LOOP_DELAY_MAX_MS: '60000',
    ...environment,
  });
}
