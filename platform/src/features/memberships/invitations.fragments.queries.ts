/** Pieces of SQL about invitations that queries share. No entry of the catalogue stands here. */

/** Invitations end by themselves after this long, answered or not; a sweep removes them. */
export const invitationDays = 30;

/** True while the invitation (alias) counts. */
export function isLiveInvitation(invitation: string): string {
  return `${invitation}.created_at > now() - interval '${invitationDays} days'`;
}
