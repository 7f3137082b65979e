import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { insiders, type Objects, type Row, signedIn } from '../../../test/access/rows.ts';

const conversation = ({ conversationId }: Objects) => `/api/conversations/${conversationId}`;
const group = ({ groupId }: Objects) => `/api/conversations/${groupId}`;
const lower: Partial<Row> = { member: 'access.denied', author: 'access.denied', moderator: 'access.denied' };

export default {
  access: {
    listConversations: { public: signedIn(200) },
    getConversation: { url: conversation, ...insiders(200) },
    getConversationOfSanctum: { url: ({ sanctum }) => `/api/sanctums/${sanctum}/conversation`, ...insiders(200) },
    openDirectConversation: { url: (o) => `/api/conversations/direct/${o.candidate}`, public: signedIn(200) },
    createGroup: { payload: () => ({ title: 'Bench talk' }), public: signedIn(201) },
    updateConversation: {
      url: conversation,
      payload: () => ({ slowModeSeconds: 0 }),
      ...insiders(200, { member: 'access.denied', author: 'access.denied' }),
    },
    listConversationMembers: { url: (o) => `${group(o)}/members`, ...insiders(200) },
    inviteToConversation: { url: (o) => `${group(o)}/members/${o.candidate}`, ...insiders(204, lower) },
    removeFromConversation: { url: (o) => `${group(o)}/members/member`, ...insiders(204, lower) },
    joinConversation: { url: (o) => `${group(o)}/membership`, ...insiders(200) },
    leaveConversation: { url: (o) => `${group(o)}/membership`, ...insiders(204) },
    moveReceipt: { url: (o) => `${conversation(o)}/receipt`, payload: () => ({ position: 1 }), ...insiders(200) },
    muteConversation: { url: (o) => `${conversation(o)}/mute`, ...insiders(204) },
    unmuteConversation: { url: (o) => `${conversation(o)}/mute`, ...insiders(204) },
    announceTyping: { url: (o) => `${conversation(o)}/typing`, ...insiders(204) },
  },
  constraintBugs: {
    conversation_memberships_role_known: 'the shape of the API refuses such a value first',
    conversations_kind_known: 'the shape of the API refuses such a value first',
    conversations_slow_mode_bounded: 'the shape of the API refuses such a value first',
    conversations_title_length: 'the shape of the API refuses such a value first',
    user_privacy_messages_known: 'the shape of the API refuses such a value first',
    conversation_marks_read_position_not_negative: 'the statement that writes it counts, bounds or chooses the value',
    conversations_kind_fields: 'the statement that writes it counts, bounds or chooses the value',
    conversations_pair_ordered: 'the statement that writes it counts, bounds or chooses the value',
    conversation_marks_pkey: 'the key is generated, or the statement says what a second row does',
    conversation_memberships_pkey: 'the key is generated, or the statement says what a second row does',
    idx_conversation_memberships_one_owner: 'the key is generated, or the statement says what a second row does',
    idx_conversations_pair_unique: 'the key is generated, or the statement says what a second row does',
    fk_conversation_marks_conversation: 'the statement locks or makes the row that it points at',
    fk_conversation_memberships_conversation: 'the statement locks or makes the row that it points at',
  },
  hidesNobody: {
    'conversations.close': 'it finds, makes or changes a conversation by its id or pair; whoever reads it then asks',
    'conversations.find_direct': 'it finds, makes or changes a conversation by its id or pair; whoever reads it then asks',
    'conversations.find_id_of_sanctum': 'it finds, makes or changes a conversation by its id or pair; whoever reads it then asks',
    'conversations.found_group': 'it finds, makes or changes a conversation by its id or pair; whoever reads it then asks',
    'conversations.lock': 'it finds, makes or changes a conversation by its id or pair; whoever reads it then asks',
    'conversations.open_direct': 'it finds, makes or changes a conversation by its id or pair; whoever reads it then asks',
    'conversations.update': 'it finds, makes or changes a conversation by its id or pair; whoever reads it then asks',
    'conversations.accept':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.count_own':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.count_people':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.decline':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.has_declined':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.invite':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.pass_ownership':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.read_person':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.remove_member':
      'it changes or counts places in a conversation: the reader’s own, or of people whom conversations.find_addressees found',
    'conversations.find_member': 'the owner of a group acts on everyone in it',
  },
} satisfies FeatureExpectations;
