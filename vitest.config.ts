import { defineConfig } from 'vitest/config';
import { conditionLimitMs, hangLimits } from './platform/test/harness/hang-limits.ts';
import { pathWithTools } from './platform/test/harness/tools.ts';

const server = [
  'platform/{src,catalogue,seed,test,local}',
  'migrations/{src,test}',
  'audits/{src,test,checks}',
  'ops-cli/{src,test}',
  'realtime-client/src',
  'scripts',
  'bench',
];
const tests = (suffix: string) => server.map((folder) => `${folder}/**/*${suffix}.test.ts`);
const needsServices = [...tests('.integration'), ...tests('.api'), ...tests('.browser')];

export default defineConfig({
  test: {
    dangerouslyIgnoreUnhandledErrors: false,
    ...hangLimits,
    expect: { poll: { timeout: conditionLimitMs } },
    // What `make tools` unpacked is found by the tests' own children, too, whoever starts vitest.
    env: { PATH: pathWithTools() },
    projects: [
      { extends: true, test: { name: 'unit', include: tests(''), exclude: needsServices } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: tests('.integration'),
          globalSetup: './platform/test/harness/global-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'api',
          include: tests('.api'),
          globalSetup: './platform/test/harness/global-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: tests('.browser'),
          globalSetup: './platform/test/harness/global-setup.ts',
        },
      },
      './platform/web/vitest.config.ts',
    ],
  },
});
