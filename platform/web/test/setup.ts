import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { conditionLimitMs } from '../../test/harness/hang-limits.ts';

configure({ asyncUtilTimeout: conditionLimitMs });

afterEach(() => {
  cleanup();
  localStorage.clear();
});
