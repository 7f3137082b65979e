/** Requests about what somebody said who may be hidden. */
import { randomUUID } from 'node:crypto';
import type { Probe } from './rows.ts';

/** By operation: every route that takes a conversation of the two, a message, or whom to talk to. */
export const talkProbes: Readonly<Record<string, readonly Probe[]>> = {
  openDirectConversation: [{ method: 'PUT', url: (name) => `/api/conversations/direct/${name}` }],
  inviteToConversation: [{ method: 'PUT', url: (name) => `/api/conversations/group_own/members/${name}` }],
  getConversation: [inDirect('GET')],
  updateConversation: [inDirect('PATCH', '', { title: 'Mine' })],
  listConversationMembers: [inDirect('GET', '/members')],
  joinConversation: [inDirect('PUT', '/membership')],
  leaveConversation: [inDirect('DELETE', '/membership')],
  moveReceipt: [inDirect('PUT', '/receipt', { position: 1 })],
  muteConversation: [inDirect('PUT', '/mute')],
  unmuteConversation: [inDirect('DELETE', '/mute')],
  announceTyping: [inDirect('POST', '/typing')],
  listMessages: [inDirect('GET', '/messages')],
  searchMessages: [inDirect('GET', '/search?q=says')],
  sendMessage: [inDirect('POST', '/messages', { clientId: randomUUID(), body: 'Here' })],
  getMessage: [{ method: 'GET', url: (_name, _post, _comment, { message }) => message }],
  editMessage: [{ method: 'PATCH', url: (_name, _post, _comment, { message }) => message, payload: () => ({ body: 'Mine' }) }],
  deleteMessage: [{ method: 'DELETE', url: (_name, _post, _comment, { message }) => message }],
  giveReaction: [{ method: 'PUT', url: (_name, _post, _comment, { message }) => `${message}/reactions/%E2%9C%85` }],
  takeReactionBack: [{ method: 'DELETE', url: (_name, _post, _comment, { message }) => `${message}/reactions/%E2%9C%85` }],
};

function inDirect(method: Probe['method'], path = '', payload?: object): Probe {
  return {
    method,
    url: (_name, _post, _comment, talk) => `${talk.direct}${path}`,
    ...(payload === undefined ? {} : { payload: () => payload }),
  };
}
