/** Faults of the checkout and of its settings: a migration that was edited, a layer that was broken, an open origin. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../lib/checkout.ts';
import { pasteShell } from './fault.ts';
import type { Fault, Scene } from './fault.ts';

const migration = 'migrations/sql/0006_posts.sql';
const handlers = 'platform/src/features/posts/posts.handlers.ts';

/** Replaces text in a file of the copy. Throws when the file does not hold it: nothing would be planted. */
function edit({ root }: Scene, path: string, before: string, after: string): void {
  const file = join(root, path);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(before)) throw new Error(`${path} no longer holds "${before}": change the drill with it`);
  writeFileSync(file, text.replace(before, after));
}

async function restore({ root }: Scene): Promise<void> {
  git(root, 'checkout', '--quiet', '--', '.');
}

export const editedStatement: Fault = {
  name: 'a statement of an applied migration edited',
  check: 'migrations/tampered',
  severity: 'critical',
  wayBack: 'fix pasted',
  names: migration,
  plant: async (scene) => edit(scene, migration, 'body text not null', 'body varchar(9000) not null'),
  cure: pasteShell,
  tidy: restore,
};

export const editedComment: Fault = {
  name: 'only a comment of a migration edited',
  check: 'migrations/tampered',
  severity: 'low',
  wayBack: 'fix pasted',
  names: migration,
  plant: async (scene) => edit(scene, migration, 'create table posts (', '-- What people write.\ncreate table posts ('),
  cure: pasteShell,
  tidy: restore,
};

export const brokenLayer: Fault = {
  name: 'a handler that imports a repository',
  check: 'code/layer-broken',
  severity: 'high',
  wayBack: 'undone',
  names: handlers,
  plant: async (scene) =>
    edit(scene, handlers, "import { z } from 'zod';", "import { z } from 'zod';\nimport * as repository from './posts.repository.ts';"),
  // The fix is advice (call the service), so the edit is taken back.
  cure: restore,
  tidy: restore,
};

export const openOrigin: Fault = {
  name: "ALLOWED_ORIGINS='*' in production",
  check: 'config/wildcard-origin',
  severity: 'critical',
  wayBack: 'fix pasted',
  names: 'ALLOWED_ORIGINS',
  env: { SANCTUM_PROFILE: 'production', ALLOWED_ORIGINS: '*' },
  plant: async () => {},
  async cure(_scene, { fix }) {
    const value = /ALLOWED_ORIGINS=(\S*)/.exec(fix)?.[1];
    if (value === undefined) throw new Error(`the fix holds no setting that could be used: ${fix}`);
    return { SANCTUM_PROFILE: 'production', ALLOWED_ORIGINS: value };
  },
};
