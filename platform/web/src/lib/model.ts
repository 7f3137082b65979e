/** The API's shapes by the glossary's names, taken from the generated client so that they cannot differ. */
import type {
  GetFriendshipResponse,
  GetMeResponse,
  GetPostResponse,
  GetPrivacyResponse,
  GetProfileResponse,
  GetSanctumResponse,
  ListCommentsResponse,
  ListMembersResponse,
  ListMyInvitationsResponse,
  ListSessionsResponse,
  PopularFeedResponse,
} from '../api/types.gen.ts';

export type Me = GetMeResponse;
export type Profile = GetProfileResponse;
export type Friendship = GetFriendshipResponse;
export type Privacy = GetPrivacyResponse;
export type Session = ListSessionsResponse['items'][number];
export type Sanctum = GetSanctumResponse;
export type Member = ListMembersResponse['items'][number];
export type MyInvitation = ListMyInvitationsResponse['items'][number];
export type SanctumRole = Member['role'];
export type Post = GetPostResponse;
export type PostPage = PopularFeedResponse;
export type CommentWindow = ListCommentsResponse;
export type Comment = CommentWindow['items'][number];

export const feedSorts = ['hot', 'new', 'top'] as const;
export type FeedSort = (typeof feedSorts)[number];
export const commentSorts = ['top', 'new'] as const;
export type CommentSort = (typeof commentSorts)[number];
export const searchKinds = ['posts', 'sanctums', 'people'] as const;
export type SearchKind = (typeof searchKinds)[number];
