import { readJsonObject, writeJson } from '@sanctum/platform/local/json-file';
import type { StackHome } from './home.ts';

export interface DemoOwner {
  readonly username: string;
}

/**
 * Fills an empty database with demo data; does nothing when people are already there. The owner is
 * given back only when an earlier or this run made them: in somebody else's database nobody may be promised.
 */
export async function seedDemoData(
  home: StackHome,
  options: { databaseUrl: string; ownerPassword: string },
): Promise<{ detail: string; owner: DemoOwner | undefined }> {
  const { seedDemo } = await import('@sanctum/platform/seed');
  const { detail, owner, seeded } = await seedDemo({ ...options, log: () => undefined });
  if (seeded) writeJson(home.demoFile, owner);
  return { detail, owner: seeded ? owner : demoOwner(home) };
}

/** The demo owner that a start of this stack made; undefined before. */
export function demoOwner(home: StackHome): DemoOwner | undefined {
  const username = readJsonObject(home.demoFile)?.['username'];
  return typeof username === 'string' ? { username } : undefined;
}
