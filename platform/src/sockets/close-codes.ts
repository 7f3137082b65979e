/** Why a connection ends. The client library acts on the code alone; the reason is for people. RFC 6455 §7.4 leaves 4000–4999 to applications. */
export const closeCodes = {
  /** The instance goes away: come back after the time in the frame `reconnect`. */
  restart: { code: 1012, reason: 'this server restarts; come back' },
  /** What the connection needs cannot be looked up now. */
  tryAgainLater: { code: 1013, reason: 'try again later' },
  unsupported: { code: 1003, reason: 'send text, not binary' },
  malformed: { code: 4400, reason: 'this is no message of the protocol' },
  sessionEnded: { code: 4401, reason: 'the session has ended' },
  silent: { code: 4408, reason: 'no sign of life' },
  tooMany: { code: 4429, reason: 'too many messages' },
  slow: { code: 4410, reason: 'messages are not taken in time; come back from the last position' },
} as const;

export type CloseName = keyof typeof closeCodes;
