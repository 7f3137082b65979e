import type { Files } from '../../src/files/files.ts';

const refuse = () => Promise.reject(new Error('nothing of this test is about files'));

/** For what takes files and must not touch any. */
export const noFiles: Files = { kind: 'folder', put: refuse, get: refuse, remove: refuse };
