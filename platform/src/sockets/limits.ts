/** How much of everything one instance takes. Each is met by a code of its own; docs/realtime-protocol.md lists them. */
export const socketLimits = {
  /** Tabs and devices of one person. */
  connectionsPerUser: 12,
  /** Of one network address (a household, an office); of one /64 in IPv6. */
  connectionsPerNetwork: 200,
  /** Of the process; WS_CONNECTIONS_MAX says otherwise. */
  upgradesPending: 500,
  subscriptionsPerConnection: 200,
  /** One message of a client, and the frames that it comes in. */
  messageBytes: 16 * 1024,
  fragments: 64,
  bufferedChunks: 256,
  /** A message costs a point, and one for each stream that it names. */
  points: 120,
  pointsPerSecond: 10,
  ticketSeconds: 30,
  heartbeatSeconds: 30,
  /** Longest time in which a connection may take nothing of what it was sent. */
  lagSeconds: 30,
  /** Longest farewell. */
  closeSeconds: 5,
} as const;
