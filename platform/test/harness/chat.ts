/** People who talk over the API, for tests of conversations and messages. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { SignedUpUser, TestApp } from './test-app.ts';

export interface Said {
  readonly id: string;
  readonly clientId: string;
  readonly body: string;
  readonly author: { readonly username: string };
  readonly deletedAt: string | null;
}

/** Sends a request and gives its body; `expected` is the status, or the code of the refusal. */
export async function ask<T = never>(
  host: Pick<TestApp, 'app'>,
  person: SignedUpUser,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  expected: number | string = method === 'POST' ? 201 : 200,
): Promise<T> {
  const response = await host.app.inject({ method, url, headers: person.headers, ...(payload === undefined ? {} : { payload }) });
  const answer = response.statusCode < 400 ? response.statusCode : response.json().code;
  expect(answer, `${method} ${url}: ${response.body}`).toBe(expected);
  return (response.body === '' ? undefined : response.json()) as T;
}

export async function openDirect(host: TestApp, from: SignedUpUser, to: SignedUpUser): Promise<string> {
  return (await ask<{ id: string }>(host, from, 'PUT', `/api/conversations/direct/${to.user.username}`)).id;
}

/** A group of the first person that the others have joined. */
export async function foundGroup(host: TestApp, owner: SignedUpUser, ...others: readonly SignedUpUser[]): Promise<string> {
  const usernames = others.map(({ user }) => user.username);
  const { id } = await ask<{ id: string }>(host, owner, 'POST', '/api/conversations', { title: 'Bench talk', usernames });
  for (const one of others) await ask(host, one, 'PUT', `/api/conversations/${id}/membership`);
  return id;
}

export function say(
  host: Pick<TestApp, 'app'>,
  from: SignedUpUser,
  conversationId: string,
  body: string,
  more: object = {},
): Promise<Said> {
  return ask<Said>(host, from, 'POST', `/api/conversations/${conversationId}/messages`, { clientId: randomUUID(), body, ...more });
}

export interface Window {
  readonly items: readonly Said[];
  readonly before: string | null;
  readonly after: string | null;
  readonly position: number;
}

export function read(host: TestApp, person: SignedUpUser, conversationId: string, query = ''): Promise<Window> {
  return ask<Window>(host, person, 'GET', `/api/conversations/${conversationId}/messages${query}`);
}

/** What the log of the conversation holds, in its order. */
export async function eventsOf(host: TestApp, conversationId: string) {
  const { rows } = await host.client.query<{ position: number; type: string; actor_id: string; data: string }>(
    `select position::integer as position, type, actor_id::text as actor_id, data::text as data from stream_events
     where kind = 'conversation' and id = $1 order by position`,
    [conversationId],
  );
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }));
}

/** Both sides of a block, as blocks are stored. */
export async function block(host: TestApp, by: SignedUpUser, other: SignedUpUser): Promise<void> {
  await host.client.query(`insert into user_blocks (user_id, other_id, blocks) values ($1, $2, true), ($2, $1, false)`, [
    by.user.id,
    other.user.id,
  ]);
}
