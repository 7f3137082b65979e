/**
 * What can happen on the platform, as whoever did it announces it, in the past tense: an event says what is so now, not what
 * others shall do about it. Who hears of it stands in one table, in app.ts.
 */
export interface DomainEvents {
  /** A name that nobody had has an account now. */
  readonly accountRegistered: { readonly userId: string; readonly username: string };
  /** None of its sessions holds any longer, and none is opened. */
  readonly accountSuspended: { readonly userId: string };
  /** By their owner, a changed password, a suspension, a replayed token, or because newer ones took their place. Several of one account. */
  readonly sessionsEnded: { readonly userId: string; readonly sessionIds: readonly string[] };
  readonly postRemoved: { readonly postId: string };
  /** It turned private: what was shown to everyone may not be any longer. */
  readonly sanctumHidden: { readonly sanctumId: string };
  /** It turned public. */
  readonly sanctumShown: { readonly sanctumId: string };
  readonly memberJoined: { readonly sanctumId: string; readonly userId: string };
  /** By themselves. */
  readonly memberLeft: { readonly sanctumId: string; readonly userId: string };
  /** Kept out from now on; a person who was no member can be banned, too. */
  readonly memberBanned: { readonly sanctumId: string; readonly userId: string };
  /** Who is hidden from them is another now: two people, one of whom blocked or unblocked the other. */
  readonly blocksChanged: { readonly userIds: readonly string[] };
}

export type EventName = keyof DomainEvents;
