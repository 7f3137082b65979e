import { randomUUID } from 'node:crypto';
import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { insiders, type Objects } from '../../../test/access/rows.ts';

const conversation = ({ conversationId }: Objects) => `/api/conversations/${conversationId}`;
const message = (o: Objects) => `${conversation(o)}/messages/${o.messageId}`;
const reaction = (o: Objects) => `${message(o)}/reactions/${encodeURIComponent('👍')}`;

export default {
  access: {
    listMessages: { url: (o) => `${conversation(o)}/messages`, ...insiders(200) },
    searchMessages: { url: (o) => `${conversation(o)}/search?q=written`, ...insiders(200) },
    getMessage: { url: message, ...insiders(200, {}, 'message.not_found') },
    sendMessage: {
      url: (o) => `${conversation(o)}/messages`,
      payload: () => ({ clientId: randomUUID(), body: 'Written' }),
      ...insiders(201),
    },
    editMessage: {
      url: message,
      payload: () => ({ body: 'Changed' }),
      ...insiders('access.denied', { author: 200 }, 'message.not_found'),
    },
    deleteMessage: { url: message, ...insiders(204, { member: 'access.denied' }, 'message.not_found') },
    giveReaction: { url: reaction, ...insiders(200, {}, 'message.not_found') },
    takeReactionBack: { url: reaction, ...insiders(200, {}, 'message.not_found') },
  },
  constraintBugs: {
    message_reactions_emoji_length: 'the shape of the API refuses such a value first',
    messages_body_length: 'the shape of the API refuses such a value first',
    messages_position_positive: 'the statement that writes it counts, bounds or chooses the value',
    idx_messages_client_id_unique: 'the key is generated, or the statement says what a second row does',
    message_reactions_pkey: 'the key is generated, or the statement says what a second row does',
    messages_pkey: 'the key is generated, or the statement says what a second row does',
    fk_messages_conversation: 'the statement locks or makes the row that it points at',
  },
  hidesNobody: { 'messages.delete': 'own words, which their author and moderators may always delete' },
} satisfies FeatureExpectations;
