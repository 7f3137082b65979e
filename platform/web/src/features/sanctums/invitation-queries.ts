import { type QueryClient, infiniteQueryOptions } from '@tanstack/react-query';
import { listBans, listInvitations, listMyInvitations } from '../../api/sdk.gen.ts';
import { nextCursor } from '../../lib/pages.ts';

const perPage = 25;
const first = { initialPageParam: undefined as string | undefined, getNextPageParam: nextCursor };
const pageOf = (cursor: string | undefined) => ({ limit: perPage, ...(cursor === undefined ? {} : { cursor }) });

/** What waits for the reader's own answer. */
export const myInvitationsOptions = infiniteQueryOptions({
  queryKey: ['invitations', 'mine'],
  queryFn: ({ pageParam, signal }) => listMyInvitations({ query: pageOf(pageParam), signal }),
  ...first,
});

export function invitationsOptions(name: string) {
  return infiniteQueryOptions({
    queryKey: ['invitations', 'of', name],
    queryFn: ({ pageParam, signal }) => listInvitations({ path: { name }, query: pageOf(pageParam), signal }),
    ...first,
  });
}

export function bansOptions(name: string) {
  return infiniteQueryOptions({
    queryKey: ['bans', name],
    queryFn: ({ pageParam, signal }) => listBans({ path: { name }, query: pageOf(pageParam), signal }),
    ...first,
  });
}

/** After someone was invited, removed, banned or let in again. */
export async function refreshPeopleOf(queryClient: QueryClient, name: string): Promise<void> {
  await Promise.all(
    [
      ['members', name],
      ['sanctum', name],
      ['invitations', 'of', name],
      ['bans', name],
    ].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  );
}
