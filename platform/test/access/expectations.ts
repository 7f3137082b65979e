/**
 * Who may do what: one entry per route, one answer per actor. The matrix test plays every entry against a running
 * platform and fails for a route that has none.
 */
import type { ErrorCode } from '../../src/errors.ts';

export const actors = ['anonymous', 'stranger', 'admin', 'member', 'author', 'moderator', 'owner'] as const;
/** `admin` administers the site and is no member; `author` is a member who wrote the post and the comment. */
export type Actor = (typeof actors)[number];

/** A status that means yes, or the code of the refusal. */
export type Answer = number | ErrorCode;
export type Row = Readonly<Record<Actor, Answer>>;

/** What a request is about; made anew for each case. */
export interface Objects {
  readonly sanctum: string;
  readonly postId: string;
  readonly commentId: string;
  /** A person who is not a member. */
  readonly candidate: string;
  /** Persons who are not members either: one is invited, one is banned. */
  readonly invited: string;
  readonly banned: string;
  /** Different in each case. */
  readonly serial: number;
}

export interface Expectation {
  readonly url?: (objects: Objects) => string;
  readonly payload?: (objects: Objects) => object;
  /** The request ends the session it is sent with, so that each case needs its own. */
  readonly endsSession?: boolean;
  /** Answers about a public sanctum, its post and its comment; the only ones where there is no such object. */
  readonly public: Row;
  /** Answers about a private sanctum. */
  readonly private?: Row;
}

const everyone = (answer: Answer): Row => ({
  anonymous: answer,
  stranger: answer,
  admin: answer,
  member: answer,
  author: answer,
  moderator: answer,
  owner: answer,
});
const signedIn = (answer: Answer, exceptions: Partial<Row> = {}): Row => ({
  ...everyone(answer),
  anonymous: 'auth.required',
  ...exceptions,
});
const outside = (answer: Answer): Partial<Row> => ({ stranger: answer, admin: answer });
const moderated = (answer: Answer): Pick<Expectation, 'public' | 'private'> => {
  const row = signedIn('access.denied', { moderator: answer, owner: answer });
  return { public: row, private: row };
};
const hidden = (code: ErrorCode): Partial<Row> => ({ anonymous: code, ...outside(code) });

const post = ({ postId }: Objects) => `/api/posts/${postId}`;
const comment = ({ commentId }: Objects) => `/api/comments/${commentId}`;
const sanctum = ({ sanctum: name }: Objects) => `/api/sanctums/${name}`;

const readPost: Pick<Expectation, 'public' | 'private'> = {
  public: everyone(200),
  private: { ...everyone(200), ...hidden('post.not_found') },
};
const likePost: Expectation = { url: (o) => `${post(o)}/like`, public: signedIn(200), private: signedIn(200, outside('post.not_found')) };
const likeComment: Expectation = {
  url: (o) => `${comment(o)}/like`,
  public: signedIn(200),
  private: signedIn(200, outside('comment.not_found')),
};
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
  updatePrivacy: { payload: () => ({ presenceShownTo: 'nobody' }), public: signedIn(200) },
};

const mayDelete = { admin: 204, author: 204, moderator: 204, owner: 204 } as const;

const posts: Record<string, Expectation> = {
  popularFeed: readOpenly,
  homeFeed: { public: signedIn(200) },
  search: { url: () => '/api/search?q=written', public: everyone(200) },
  getPost: { url: post, ...readPost },
  updatePost: {
    url: post,
    payload: () => ({ title: 'Changed' }),
    public: signedIn('access.denied', { author: 200 }),
    private: signedIn('access.denied', { ...outside('post.not_found'), author: 200 }),
  },
  deletePost: {
    url: post,
    public: signedIn('access.denied', mayDelete),
    private: signedIn('access.denied', { stranger: 'post.not_found', ...mayDelete }),
  },
  likePost,
  unlikePost: likePost,
  listComments: { url: (o) => `${post(o)}/comments`, ...readPost },
  createComment: {
    url: (o) => `${post(o)}/comments`,
    payload: () => ({ body: 'Written' }),
    public: signedIn(201),
    private: signedIn(201, outside('post.not_found')),
  },
  updateComment: {
    url: comment,
    payload: () => ({ body: 'Changed' }),
    public: signedIn('access.denied', { author: 200 }),
    private: signedIn('access.denied', { ...outside('comment.not_found'), author: 200 }),
  },
  deleteComment: {
    url: comment,
    public: signedIn('access.denied', mayDelete),
    private: signedIn('access.denied', { stranger: 'comment.not_found', ...mayDelete }),
  },
  likeComment,
  unlikeComment: likeComment,
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

export const expectations: Readonly<Record<string, Expectation>> = { ...identity, ...sanctums, ...friends, ...posts, ...operations };
