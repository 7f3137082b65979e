/**
 * Who may do what: one entry per route, one answer per actor. The matrix test plays every entry against a running
 * platform and fails for a route that has none.
 */
import { everyone, signedIn, outside, moderated, hidden, type Expectation, type Objects } from './rows.ts';
import { readExpectations } from './beside-features.ts';

const sanctum = ({ sanctum: name }: Objects) => `/api/sanctums/${name}`;

const readOpenly: Expectation = { public: everyone(200) };

const identity: Record<string, Expectation> = {
  register: {
    payload: ({ serial }) => ({
      username: `new_${serial}`,
      email: `new_${serial}@example.org`,
      password: 'walnut and brass 7',
      credentials: 'token',
    }),
    public: everyone(201),
  },
  signIn: {
    payload: ({ serial }) => ({ name: `nobody_${serial}`, password: 'wrong', credentials: 'token' }),
    public: everyone('auth.credentials_wrong'),
  },
  refreshSession: { payload: () => ({ refreshToken: 'not one of ours' }), public: everyone('auth.refresh_invalid') },
  signOut: { endsSession: true, public: signedIn(204) },
  changePassword: {
    payload: () => ({ currentPassword: 'wrong', newPassword: 'walnut and brass 8' }),
    public: signedIn('auth.credentials_wrong'),
  },
  createConnectionTicket: { public: signedIn(200) },
  getMe: { public: signedIn(200) },
  updateMe: { payload: () => ({ bio: 'Changed' }), public: signedIn(200) },
  listSessions: { public: signedIn(200) },
  revokeSession: { url: () => '/api/sessions/00000000-0000-4000-8000-000000000000', public: signedIn('session.not_found') },
  revokeOtherSessions: { endsSession: true, public: signedIn(204) },
  getProfile: { ...readOpenly, url: () => '/api/users/owner' },
  listUserPosts: { ...readOpenly, url: () => '/api/users/author/posts' },
};

const sanctums: Record<string, Expectation> = {
  createSanctum: { payload: ({ serial }) => ({ name: `founded_${serial}`, title: 'Founded' }), public: signedIn(201) },
  listSanctums: readOpenly,
  getSanctum: { url: sanctum, public: everyone(200), private: everyone(200) },
  updateSanctum: {
    url: sanctum,
    payload: () => ({ title: 'Changed' }),
    public: signedIn('access.denied', { moderator: 200, owner: 200 }),
    private: signedIn('access.denied', { moderator: 200, owner: 200 }),
  },
  joinSanctum: { url: (o) => `${sanctum(o)}/membership`, public: signedIn(200), private: signedIn(200, outside('sanctum.private')) },
  leaveSanctum: {
    url: (o) => `${sanctum(o)}/membership`,
    public: signedIn(200, { owner: 'sanctum.owner_stays' }),
    private: signedIn(200, { owner: 'sanctum.owner_stays' }),
  },
  listMembers: {
    url: (o) => `${sanctum(o)}/members`,
    public: everyone(200),
    private: { ...everyone(200), ...hidden('sanctum.not_found') },
  },
  setMember: {
    url: (o) => `${sanctum(o)}/members/member`,
    payload: () => ({ role: 'moderator' }),
    public: signedIn('access.denied', { owner: 200 }),
    private: signedIn('access.denied', { owner: 200 }),
  },
  removeMember: {
    url: (o) => `${sanctum(o)}/members/member`,
    public: signedIn('access.denied', { moderator: 204, owner: 204 }),
    private: signedIn('access.denied', { moderator: 204, owner: 204 }),
  },
  listInvitations: { url: (o) => `${sanctum(o)}/invitations`, ...moderated(200) },
  invitePerson: { url: (o) => `${sanctum(o)}/invitations/${o.candidate}`, payload: () => ({ role: 'member' }), ...moderated(200) },
  withdrawInvitation: { url: (o) => `${sanctum(o)}/invitations/${o.invited}`, ...moderated(204) },
  listBans: { url: (o) => `${sanctum(o)}/bans`, ...moderated(200) },
  banPerson: { url: (o) => `${sanctum(o)}/bans/${o.candidate}`, ...moderated(200) },
  liftBan: { url: (o) => `${sanctum(o)}/bans/${o.banned}`, ...moderated(204) },
  listMyInvitations: { public: signedIn(200) },
  acceptInvitation: {
    url: (o) => `/api/me/invitations/${o.sanctum}`,
    public: signedIn('invitation.not_found'),
    private: signedIn('invitation.not_found'),
  },
  declineInvitation: {
    url: (o) => `/api/me/invitations/${o.sanctum}`,
    public: signedIn('invitation.not_found'),
    private: signedIn('invitation.not_found'),
  },
  listSanctumPosts: {
    url: (o) => `${sanctum(o)}/posts`,
    public: everyone(200),
    private: { ...everyone(200), ...hidden('sanctum.not_found') },
  },
  createPost: {
    url: (o) => `${sanctum(o)}/posts`,
    payload: () => ({ kind: 'text', title: 'Written' }),
    public: signedIn(201, outside('sanctum.not_member')),
    private: signedIn(201, outside('sanctum.not_found')),
  },
};

const friends: Record<string, Expectation> = {
  listFriends: { public: signedIn(200) },
  listReceivedFriendRequests: { public: signedIn(200) },
  listSentFriendRequests: { public: signedIn(200) },
  getFriendship: { url: (o) => `/api/users/${o.candidate}/friendship`, public: signedIn(200) },
  listMutualFriends: { url: (o) => `/api/users/${o.candidate}/mutual-friends`, public: signedIn(200) },
  removeFriend: { url: (o) => `/api/me/friends/${o.candidate}`, public: signedIn(204) },
  askToBeFriends: { url: (o) => `/api/me/friend-requests/sent/${o.candidate}`, public: signedIn(200) },
  cancelFriendRequest: { url: (o) => `/api/me/friend-requests/sent/${o.candidate}`, public: signedIn(200) },
  acceptFriendRequest: {
    url: (o) => `/api/me/friend-requests/received/${o.candidate}`,
    public: signedIn('friend.request_not_found', { author: 200 }),
  },
  declineFriendRequest: { url: (o) => `/api/me/friend-requests/received/${o.candidate}`, public: signedIn(200) },
  listBlocks: { public: signedIn(200) },
  blockPerson: { url: (o) => `/api/me/blocks/${o.banned}`, public: signedIn(200) },
  unblockPerson: { url: (o) => `/api/me/blocks/${o.banned}`, public: signedIn(204) },
  getPrivacy: { public: signedIn(200) },
  listPresence: { url: () => '/api/presence?of=owner,author', public: signedIn(200) },
  updatePrivacy: { payload: () => ({ presenceShownTo: 'nobody' }), public: signedIn(200) },
};

const operations: Record<string, Expectation> = {
  getHealth: readOpenly,
  getReadiness: readOpenly,
  getMetrics: readOpenly,
  getOpenApi: readOpenly,
  getApiPage: readOpenly,
  getApiPageFile: { ...readOpenly, url: () => '/api/docs/start.js' },
  getErrorPage: readOpenly,
};

const central: Readonly<Record<string, Expectation>> = { ...identity, ...sanctums, ...friends, ...operations };

/** Rows that stand beside their feature. Throws when a route has two. */
async function besideFeatures(): Promise<Record<string, Expectation>> {
  const rows: Record<string, Expectation> = {};
  for (const { file, access } of await readExpectations()) {
    for (const [operation, row] of Object.entries(access)) {
      if (operation in central || operation in rows) throw new Error(`${file}: ${operation} has a row already`);
      rows[operation] = row;
    }
  }
  return rows;
}

export const expectations: Readonly<Record<string, Expectation>> = { ...central, ...(await besideFeatures()) };
