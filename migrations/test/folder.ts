/** A migrations folder of its own for one test, signed by the real signing. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signMigrations } from '../src/sign.ts';

export interface TestFolder {
  readonly dir: string;
  /** Writes `sql/<name>`; bytes or text. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  sign(): Promise<void>;
  close(): Promise<void>;
}

export async function createTestFolder(files: Readonly<Record<string, string>>, options: { sign?: boolean } = {}): Promise<TestFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'sanctum-migrations-test-'));
  await mkdir(join(dir, 'sql'));
  const write = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(dir, 'sql', name), content);
  for (const [name, content] of Object.entries(files)) await write(name, content);
  const sign = async (): Promise<void> => {
    await signMigrations({ dir });
  };
  if (options.sign !== false) await sign();
  return {
    dir,
    write,
    sign,
    remove: (name) => rm(join(dir, 'sql', name)),
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Small, real and different from each other; several kinds of tokens. */
export const sampleFiles: Readonly<Record<string, string>> = {
  '0001_users.sql':
    '-- People.\ncreate table users (\n  id bigint generated always as identity primary key,\n  name text not null, -- shown\n  constraint users_name_length check (length(name) between 1 and 60)\n);\n',
  '0002_posts.sql':
    'create table posts (\n  id bigint generated always as identity primary key,\n  user_id bigint not null references users (id)\n);\n\ncreate index idx_posts_user_id on posts (user_id);\n',
  '0003_title.sql': "alter table posts add column title text not null default 'untitled';\n",
  '0004_touch.sql':
    'create function touch() returns trigger language plpgsql as $$\nbegin\n  new.title := trim(new.title); -- kept\n  return new;\nend $$;\n',
  '0005_trigger.sql': 'create trigger posts_touch before update on posts for each row execute function touch();\n',
  '0006_kind.sql': "/* a kind */ alter table posts add column kind text not null default 'text';\n",
};
