import { type QueryClient, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  getFriendship,
  getPrivacy,
  listBlocks,
  listFriends,
  listMutualFriends,
  listReceivedFriendRequests,
  listSentFriendRequests,
} from '../../api/sdk.gen.ts';
import { nextCursor } from '../../lib/pages.ts';

const perPage = 25;
const first = { initialPageParam: undefined as string | undefined, getNextPageParam: nextCursor };
const pageOf = (cursor: string | undefined) => ({ limit: perPage, ...(cursor === undefined ? {} : { cursor }) });

export const friendsOptions = infiniteQueryOptions({
  queryKey: ['friends', 'mine'],
  queryFn: ({ pageParam, signal }) => listFriends({ query: pageOf(pageParam), signal }),
  ...first,
});

/** People who wait for the reader's answer. */
export const receivedOptions = infiniteQueryOptions({
  queryKey: ['friends', 'received'],
  queryFn: ({ pageParam, signal }) => listReceivedFriendRequests({ query: pageOf(pageParam), signal }),
  ...first,
});

export const sentOptions = infiniteQueryOptions({
  queryKey: ['friends', 'sent'],
  queryFn: ({ pageParam, signal }) => listSentFriendRequests({ query: pageOf(pageParam), signal }),
  ...first,
});

export function mutualOptions(username: string) {
  return infiniteQueryOptions({
    queryKey: ['friends', 'mutual', username],
    queryFn: ({ pageParam, signal }) => listMutualFriends({ path: { username }, query: pageOf(pageParam), signal }),
    ...first,
  });
}

export function friendshipOptions(username: string) {
  return queryOptions({
    queryKey: ['friends', 'with', username],
    queryFn: ({ signal }) => getFriendship({ path: { username }, signal }),
  });
}

export const blocksOptions = infiniteQueryOptions({
  queryKey: ['blocks'],
  queryFn: ({ pageParam, signal }) => listBlocks({ query: pageOf(pageParam), signal }),
  ...first,
});

export const privacyOptions = queryOptions({ queryKey: ['privacy'], queryFn: ({ signal }) => getPrivacy({ signal }) });

/** After the reader and somebody became something else to each other. */
export const refreshFriends = (queryClient: QueryClient) => queryClient.invalidateQueries({ queryKey: ['friends'] });

/** After a block: whatever was read may show, or lack, what that person wrote. */
export const refreshEverything = (queryClient: QueryClient) =>
  queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
