import type { loadChecks } from '@sanctum/audits/registry';

export type LoadedCheck = Awaited<ReturnType<typeof loadChecks>>[number];
