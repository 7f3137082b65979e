/** A platform with people of every role, and sanctums that are made anew for each case: where the matrix tests play. */
import { expect } from 'vitest';
import type { Route } from '../../src/http/routes/route.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { createTestApp, type SignedUpUser, type TestApp, type TestAppOptions } from '../harness/test-app.ts';
import { type Actor, actors, type Answer, type Expectation, type Objects } from './rows.ts';

export const places = ['public', 'private'] as const;
export type Place = (typeof places)[number];

const bystanders = ['candidate', 'invited', 'banned'] as const;
export type Bystander = (typeof bystanders)[number];

export interface WholeAnswer {
  readonly statusCode: number;
  readonly body: string;
}

export interface Stage {
  readonly host: TestApp;
  /** The whole answer; asked of `app`, which is the stage's own unless it is another on the same database. */
  ask(route: Route, expectation: Expectation, actor: Actor | Bystander, place: Place, app?: TestApp['app']): Promise<WholeAnswer>;
  /** Success as its status, refusal as its code. */
  play(route: Route, expectation: Expectation, actor: Actor, place: Place, app?: TestApp['app']): Promise<Answer>;
  close(): Promise<void>;
}

export async function createStage(options: TestAppOptions = {}): Promise<Stage> {
  const host = await createTestApp({ ...options, environment: { RATE_LIMIT_FACTOR: '1000', ...options.environment } });
  const people = new Map<Actor | Bystander, SignedUpUser>();
  let serial = 0;

  const personOf = (name: Actor | Bystander) => people.get(name) ?? expect.fail(`${name} was not signed up`);
  const idOf = (name: Actor | Bystander) => personOf(name).user.id;

  async function signInAgain(name: Actor | Bystander): Promise<SignedUpUser> {
    const person = personOf(name);
    const response = await host.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in',
      payload: { name: person.user.username, password: person.password, credentials: 'token' },
    });
    expect(response.statusCode).toBe(200);
    return { ...person, headers: { authorization: `Bearer ${response.json().accessToken}` } };
  }

  /** The sanctum as it was, with a new post and a new comment of the author. */
  async function prepare(place: Place): Promise<Objects> {
    const sanctum = `${place}_place`;
    const members = { member: 'member', author: 'member', moderator: 'moderator', owner: 'owner' } as const;
    await host.client.query(`delete from memberships where sanctum_id = (select id from sanctums where name = $1)`, [sanctum]);
    await host.client.query(
      `insert into memberships (sanctum_id, user_id, role) select s.id, m.user_id, m.role from sanctums s, unnest($2::bigint[], $3::text[]) m (user_id, role) where s.name = $1`,
      [sanctum, Object.keys(members).map((name) => idOf(name as Actor)), Object.values(members)],
    );
    await host.client.query(`delete from sanctum_bans; delete from sanctum_invitations`);
    await host.client.query(`insert into sanctum_bans (sanctum_id, user_id) select id, $2 from sanctums where name = $1`, [
      sanctum,
      idOf('banned'),
    ]);
    await host.client.query(
      `insert into sanctum_invitations (sanctum_id, user_id, role, invited_by) select id, $2, 'member', owner_id from sanctums where name = $1`,
      [sanctum, idOf('invited')],
    );
    await befriend();
    await host.client.query(`update sanctums set member_count = 4 where name = $1`, [sanctum]);
    const { rows } = await host.client.query<{ post_id: string; comment_id: string }>(
      `with post as (insert into posts (sanctum_id, author_id, kind, title) select id, $2, 'text', 'Written' from sanctums where name = $1 returning *),
       rank as (insert into post_ranks (post_id, sanctum_id, author_id, hot, comment_count, popular, created_at) select id, sanctum_id, author_id, 1, 1, $3, created_at from post),
       comment as (insert into comments (post_id, author_id, depth, body, body_html) select id, author_id, 0, 'Written', '' from post returning id)
       select post.id as post_id, comment.id as comment_id from post, comment`,
      [sanctum, idOf('author'), place === 'public'],
    );
    const [row] = rows;
    if (row === undefined) return expect.fail('the post was not planted');
    await tellOwner(row);
    const talk = await prepareConversations(sanctum);
    serial += 1;
    return {
      sanctum,
      ...talk,
      postId: row.post_id,
      commentId: row.comment_id,
      candidate: 'candidate',
      invited: 'invited',
      banned: 'banned',
      serial,
    };
  }

  /** The author has two friends, the owner and the candidate, and blocks the banned person; the owner is asked and asks. */
  async function befriend(): Promise<void> {
    await host.client.query(`delete from friendships; delete from friend_requests; delete from user_blocks`);
    const pairs = (one: Bystander | 'author' | 'owner', other: Bystander | 'author' | 'owner') => [idOf(one), idOf(other)];
    for (const pair of [pairs('author', 'owner'), pairs('author', 'candidate')])
      await host.client.query(`insert into friendships (user_id, friend_id) values ($1, $2), ($2, $1)`, pair);
    for (const pair of [pairs('invited', 'owner'), pairs('owner', 'banned')])
      await host.client.query(`insert into friend_requests (from_id, to_id, expires_at) values ($1, $2, now() + interval '1 day')`, pair);
    await host.client.query(
      `insert into user_blocks (user_id, other_id, blocks) values ($1, $2, true), ($2, $1, false)`,
      pairs('author', 'banned'),
    );
  }

  /** Of the author's comment; and the owner has chosen to hear of everything. */
  async function tellOwner({ post_id, comment_id }: { readonly post_id: string; readonly comment_id: string }): Promise<void> {
    await host.client.query('delete from notifications; delete from notification_levels');
    await host.client.query(
      `with line as (
         insert into notifications (user_id, type, group_key, post_id, position) values ($1, 'mention', 'mention', $2, 1) returning id
       ), level as (insert into notification_levels (user_id, scope, scope_id, level) values ($1, 'account', 0, 'all'))
       insert into notification_events (user_id, cause, notification_id, actor_id, comment_id) select $1, 'staged', id, $3, $4 from line`,
      [idOf('owner'), post_id, idOf('author'), comment_id],
    );
  }

  /** The sanctum's conversation with a message of the author, and a new group. */
  async function prepareConversations(sanctum: string): Promise<Pick<Objects, 'conversationId' | 'messageId' | 'groupId'>> {
    const { rows } = await host.client.query<{ conversation_id: string; message_id: string; group_id: string }>(
      `with place as (select c.id from conversations c join sanctums s on s.id = c.sanctum_id where s.name = $1),
       stream as (
         insert into streams as t (kind, id, head) select 'conversation', id, 1 from place
         on conflict (kind, id) do update set head = t.head + 1 returning t.id, t.head),
       message as (
         insert into messages (conversation_id, position, author_id, client_id, body)
         select id, head, $2, gen_random_uuid(), 'Written' from stream returning conversation_id, position),
       founded as (insert into conversations (kind, title) values ('group', 'Bench talk') returning id),
       people as (
         insert into conversation_memberships (conversation_id, user_id, role)
         select founded.id, m.id, m.role from founded, unnest($3::bigint[], array['owner', 'member', 'member', 'member']) m (id, role))
       select message.conversation_id, message.position as message_id, founded.id as group_id from message, founded`,
      [sanctum, idOf('author'), (['owner', 'member', 'author', 'moderator'] as const).map(idOf)],
    );
    const [row] = rows;
    if (row === undefined) return expect.fail('the conversations were not planted');
    return { conversationId: row.conversation_id, messageId: row.message_id, groupId: row.group_id };
  }

  async function ask(route: Route, expectation: Expectation, actor: Actor | Bystander, place: Place, app = host.app): Promise<WholeAnswer> {
    const objects = await prepare(place);
    for (const { method, url, payload } of expectation.before ?? []) {
      const request = { method, url: url(objects), headers: personOf('owner').headers, ...(payload === undefined ? {} : { payload }) };
      const { statusCode, body } = await host.app.inject(request);
      if (statusCode >= 300) return expect.fail(`before: ${method} ${request.url} answered ${statusCode}: ${body}`);
    }
    const person = actor === 'anonymous' ? undefined : expectation.endsSession === true ? await signInAgain(actor) : people.get(actor);
    const response = await app.inject({
      method: route.method,
      url: expectation.url?.(objects) ?? route.url,
      ...(person === undefined ? {} : { headers: person.headers }),
      ...(expectation.payload === undefined ? {} : { payload: expectation.payload(objects) }),
    });
    if (expectation.endsSession === true && actor !== 'anonymous') people.set(actor, await signInAgain(actor));
    return response;
  }

  async function play(...asked: Parameters<Stage['play']>): Promise<Answer> {
    const response = await ask(...asked);
    return response.statusCode < 400 ? response.statusCode : (JSON.parse(response.body).code ?? response.statusCode);
  }

  for (const name of [...actors, ...bystanders]) if (name !== 'anonymous') people.set(name, await host.signUp(usernameOf(name)));
  await host.client.query(`update users set role = 'admin' where id = $1`, [idOf('admin')]);
  people.set('admin', await signInAgain('admin'));
  for (const place of places)
    await host.client.query(
      `with place as (insert into sanctums (name, title, visibility, owner_id) values ($1, 'T', $2, $3) returning id)
       insert into conversations (sanctum_id) select id from place`,
      [`${place}_place`, place, idOf('owner')],
    );
  // An instance learns within a second who administers the site.
  const { postId } = await prepare('public');
  await waitUntil('the instance knows the administrator', async () => {
    const headers = personOf('admin').headers;
    return (await host.app.inject({ method: 'GET', url: `/api/posts/${postId}`, headers })).json().canDelete === true;
  });
  return { host, ask, play, close: () => host.close() };
}

/** Some actors have the name of a role, which nobody may register. */
function usernameOf(name: Actor | Bystander): string {
  return name === 'admin' || name === 'moderator' ? `${name}_of_this` : name;
}
