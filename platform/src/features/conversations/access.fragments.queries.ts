/**
 * Who is in a conversation, and what hides there, as pieces of SQL that queries share. No entry of the catalogue stands here.
 *
 * Who is in the conversation of a sanctum is who is a member of the sanctum, looked up there: whoever leaves or is banned is out at
 * once. Aliases (inside, pal) must not be aliases of the query around them: see authorJson.
 */
import { isBlocked } from '../blocks/blocks.fragments.queries.ts';
import { messagesFrom } from '../privacy/privacy.fragments.queries.ts';
import { moderates } from '../sanctums/access.fragments.queries.ts';

/** The other person of a direct conversation (alias of `conversations`); null in other kinds. */
export function otherPerson(conversation: string, reader: string): string {
  return `(case when ${conversation}.low_user_id = ${reader} then ${conversation}.high_user_id else ${conversation}.low_user_id end)`;
}

/** True when two people who are hidden from each other are its pair: then it is there for neither. */
function isHiddenPair(conversation: string, reader: string): string {
  return `(${conversation}.kind = 'direct' and ${isBlocked(otherPerson(conversation, reader), reader)})`;
}

/** The reader's role in a conversation (alias of `conversations`): owner, moderator, member, invited, declined; null outside. */
export function roleIn(conversation: string, reader: string): string {
  return `(case when ${conversation}.sanctum_id is null
      then (select inside.role from conversation_memberships inside
        where inside.conversation_id = ${conversation}.id and inside.user_id = ${reader})
      else (select inside.role from memberships inside
        where inside.sanctum_id = ${conversation}.sanctum_id and inside.user_id = ${reader})
    end)`;
}

/** True for who reads what is written there: open, with a place in it, and not the pair of a block. */
export function mayReadIn(conversation: string, reader: string): string {
  return `(${conversation}.closed_at is null and ${roleIn(conversation, reader)} in ('owner', 'moderator', 'member')
    and not ${isHiddenPair(conversation, reader)})`;
}

/** True for who also knows of it because they are invited. */
export function mayKnowOf(conversation: string, reader: string): string {
  return `(${conversation}.closed_at is null and ${roleIn(conversation, reader)} in ('owner', 'moderator', 'member', 'invited')
    and not ${isHiddenPair(conversation, reader)})`;
}

/**
 * The same as `mayReadIn`, and the place in it is held to the end of the statement: who is removed meanwhile was either
 * removed before, or writes before they are removed.
 */
export function mayWriteIn(conversation: string, writer: string): string {
  return `(${conversation}.closed_at is null
    and case when ${conversation}.sanctum_id is null
      then (select inside.role in ('owner', 'member') from conversation_memberships inside
        where inside.conversation_id = ${conversation}.id and inside.user_id = ${writer} for key share)
      else (select true from memberships inside
        where inside.sanctum_id = ${conversation}.sanctum_id and inside.user_id = ${writer} for key share)
    end
    and (${conversation}.kind <> 'direct'
      or (not ${isBlocked(otherPerson(conversation, writer), writer)} and ${takesMessages(otherPerson(conversation, writer), writer)})))`;
}

/** True for who reads there, and in a direct conversation is welcome to the other person. */
export function mayAnswerIn(conversation: string, writer: string): string {
  return `(${mayReadIn(conversation, writer)}
    and (${conversation}.kind <> 'direct' or ${takesMessages(otherPerson(conversation, writer), writer)}))`;
}

/** True when the person takes direct messages and invitations from the writer. */
export function takesMessages(person: string, writer: string): string {
  return `(case ${messagesFrom(person)}
      when 'everybody' then true
      when 'friends' then exists (select from friendships pal where pal.user_id = ${person} and pal.friend_id = ${writer})
      else false
    end)`;
}

/** True when what the person wrote is not shown to the reader. Who moderates the sanctum sees what stands in its conversation. */
export function isHiddenInConversation(person: string, conversation: string, reader: string): string {
  return `(${isBlocked(person, reader)} and not ${moderates(`${conversation}.sanctum_id`, reader)})`;
}
