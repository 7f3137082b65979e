import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { hangLimits } from '../test/harness/hang-limits.ts';

export default defineConfig({
  plugins: [react()],
  test: {
    name: 'web',
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./test/setup.ts'],
    restoreMocks: true,
    testTimeout: hangLimits.testTimeout,
    hookTimeout: hangLimits.hookTimeout,
  },
});
