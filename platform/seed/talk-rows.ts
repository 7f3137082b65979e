/** The demo conversations as rows: their kinds, who is in them, what was said at which position. */
import { randomUUID } from 'node:crypto';
import type { DemoIds } from './demo-rows.ts';
import { hobbies } from './hobbies/all.ts';
import { demoOwner, demoPeople } from './people.ts';
import { demoConversations, linesOf } from './talk.ts';

export interface TalkIds {
  /** Of the conversations of the sanctums, in the order of the hobbies. */
  readonly ofSanctums: readonly string[];
  /** Of the other conversations, in their order. */
  readonly others: readonly string[];
}

export function talkRows(ids: DemoIds, talk: TalkIds, endsAt: number) {
  const own = demoConversations.filter(({ sanctum }) => sanctum === undefined);
  const conversations = own.map((conversation, index) => {
    const people = peopleOf(conversation.lines).map((name) => idOf(ids, name));
    const [low, high] = people.toSorted((left, right) => Number(left) - Number(right));
    const direct = conversation.title === undefined;
    return {
      id: talk.others[index],
      kind: direct ? 'direct' : 'group',
      title: conversation.title ?? null,
      low_user_id: direct ? low : null,
      high_user_id: direct ? high : null,
      people,
      created_at: new Date(linesOf(conversation, endsAt)[0]?.at ?? endsAt).toISOString(),
    };
  });
  const messages = demoConversations.flatMap((conversation) => {
    const hobby = hobbies.findIndex(({ name }) => name === conversation.sanctum);
    const id = hobby === -1 ? talk.others[own.indexOf(conversation)] : talk.ofSanctums[hobby];
    return linesOf(conversation, endsAt).map(({ username, body, at }, index) => ({
      conversation_id: id,
      position: index + 1,
      author_id: idOf(ids, username),
      client_id: randomUUID(),
      body,
      created_at: new Date(at).toISOString(),
    }));
  });
  const owner = idOf(ids, demoOwner.username);
  const memberships = conversations.flatMap(({ id, kind, people, created_at }) =>
    people.map((user_id) => ({
      conversation_id: id,
      user_id,
      role: kind === 'group' && user_id === owner ? 'owner' : 'member',
      created_at,
    })),
  );
  return { conversations, memberships, messages };
}

function peopleOf(lines: string): string[] {
  return [...new Set(linesOf({ lines, endsMinutesAgo: 0 }, 0).map(({ username }) => username))];
}

function idOf(ids: DemoIds, username: string): string {
  const id = ids.users[demoPeople.findIndex((person) => person.username === username)];
  if (id === undefined) throw new Error(`the demo data has nobody called "${username}": name one of people.ts`);
  return id;
}
