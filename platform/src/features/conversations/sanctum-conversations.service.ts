/**
 * What the conversation of a sanctum does when somebody comes or goes. Who is in it needs no word: it is looked up in the memberships of
 * the sanctum. The person's devices are told, in the transaction of the membership, and those of somebody who goes hear nothing more of it.
 */
import type { Executor } from '../../db/executor.ts';
import type { Streams } from '../../streams/streams.ts';
import * as conversations from './conversations.repository.ts';

export interface SanctumConversations {
  /** Somebody has become a member. */
  welcome(tx: Executor, sanctumId: string, userId: string): Promise<void>;
  /** Somebody is no member any longer. */
  dismiss(tx: Executor, sanctumId: string, userId: string): Promise<void>;
}

export function createSanctumConversations({
  streams,
}: {
  readonly streams: Pick<Streams, 'append' | 'endSubscriptions'>;
}): SanctumConversations {
  /** The id of the conversation; undefined for a sanctum that has lost it, which an audit names. */
  async function tell(tx: Executor, sanctumId: string, userId: string, type: 'member.joined' | 'member.left'): Promise<string | undefined> {
    const conversationId = await conversations.findIdOfSanctum(tx, sanctumId);
    if (conversationId === undefined) return undefined;
    await streams.append(tx, { kind: 'user', id: userId }, { type, data: { conversationId } });
    return conversationId;
  }

  return {
    async welcome(tx, sanctumId, userId) {
      await tell(tx, sanctumId, userId, 'member.joined');
    },
    async dismiss(tx, sanctumId, userId) {
      const id = await tell(tx, sanctumId, userId, 'member.left');
      if (id !== undefined) await streams.endSubscriptions(tx, userId, { kind: 'conversation', id });
    },
  };
}
