/** People who write to each other, and the worker that tells them. */
import { noFiles } from './no-files.ts';
import { jobCatalogue } from '../../src/job-catalogue.ts';
import { createJobRunner, type JobRunner } from '../../src/jobs/runner.ts';
import type { SignedUpUser, TestApp } from './test-app.ts';
import { waitUntil } from './wait-until.ts';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

export interface Line {
  readonly id: string;
  readonly type: string;
  readonly count: number;
  readonly actors: readonly { readonly username: string }[];
  readonly sanctum: { readonly name: string } | null;
  readonly post: { readonly id: string; readonly title: string } | null;
  readonly commentId: string | null;
  readonly number: number | null;
  readonly position: string;
  readonly read: boolean;
}

export interface Page {
  readonly items: readonly Line[];
  readonly nextCursor: string | null;
  readonly unread: number;
  readonly position: string;
}

export interface Notified {
  send(person: SignedUpUser, method: Method, url: string, payload?: object): Promise<Record<string, unknown>>;
  sanctum(owner: SignedUpUser, visibility?: 'public' | 'private'): Promise<string>;
  post(author: SignedUpUser, sanctum: string, body?: string): Promise<string>;
  comment(author: SignedUpUser, postId: string, body: string, parentId?: string): Promise<string>;
  /** What the person is told once nothing waits to be told. */
  page(person: SignedUpUser, query?: string): Promise<Page>;
  waiting(): Promise<number>;
  close(): Promise<void>;
}

export async function createNotified(host: TestApp, options: { readonly working?: boolean } = {}): Promise<Notified> {
  let serial = 0;
  const runner: JobRunner = createJobRunner({
    db: host.db,
    databaseUrl: host.database.url,
    streams: host.app.streams,
    files: noFiles,
    jobs: jobCatalogue,
    watchIntervalMs: 50,
  });
  if (options.working !== false) await runner.start();

  async function waiting(): Promise<number> {
    const { rows } = await host.client.query<{ count: number }>(
      `select count(*)::integer as count from graphile_worker.jobs where task_identifier = 'notify'`,
    );
    return rows[0]?.count ?? 0;
  }

  async function send(person: SignedUpUser, method: Method, url: string, payload?: object): Promise<Record<string, unknown>> {
    const response = await host.app.inject({ method, url, headers: person.headers, ...(payload === undefined ? {} : { payload }) });
    if (response.statusCode >= 300) throw new Error(`${method} ${url} answered ${response.statusCode}: ${response.body}`);
    return response.body === '' ? {} : response.json<Record<string, unknown>>();
  }

  return {
    send,
    waiting,
    sanctum: async (owner, visibility = 'public') => {
      const name = `place_${(serial += 1)}_x`;
      await send(owner, 'POST', '/api/sanctums', { name, title: 'A place', visibility });
      return name;
    },
    post: async (author, sanctum, body = '') =>
      String((await send(author, 'POST', `/api/sanctums/${sanctum}/posts`, { kind: 'text', title: 'A post', body }))['id']),
    comment: async (author, postId, body, parentId) =>
      String(
        (await send(author, 'POST', `/api/posts/${postId}/comments`, { body, ...(parentId === undefined ? {} : { parentId }) }))['id'],
      ),
    page: async (person, query = '') => {
      await waitUntil('everyone is told', async () => (await waiting()) === 0);
      return (await send(person, 'GET', `/api/me/notifications${query}`)) as unknown as Page;
    },
    close: () => runner.stop(),
  };
}
