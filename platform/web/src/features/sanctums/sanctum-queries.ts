import { type QueryClient, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getSanctum, listMembers, listSanctums } from '../../api/sdk.gen.ts';
import type { Sanctum } from '../../lib/model.ts';
import { nextCursor } from '../../lib/pages.ts';

const sanctumsPerPage = 25;
const membersPerPage = 50;

export function sanctumOptions(name: string) {
  return queryOptions({ queryKey: ['sanctum', name], queryFn: ({ signal }) => getSanctum({ path: { name }, signal }) });
}

export function sanctumsOptions({ mine }: { mine: boolean }) {
  return infiniteQueryOptions({
    queryKey: ['sanctums', { mine }],
    queryFn: ({ pageParam, signal }) =>
      listSanctums({
        query: {
          limit: sanctumsPerPage,
          ...(mine ? { mine: 'true' as const } : {}),
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
}

export function membersOptions(name: string) {
  return infiniteQueryOptions({
    queryKey: ['members', name],
    queryFn: ({ pageParam, signal }) =>
      listMembers({ path: { name }, query: { limit: membersPerPage, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
  });
}

/** After a sanctum or the reader's place in it changed: the sanctum is known, every list is asked again. */
export async function applySanctum(queryClient: QueryClient, sanctum: Sanctum): Promise<void> {
  queryClient.setQueryData(sanctumOptions(sanctum.name).queryKey, sanctum);
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['sanctums'] }),
    queryClient.invalidateQueries({ queryKey: ['members', sanctum.name] }),
    queryClient.invalidateQueries({ queryKey: ['feed', { feed: 'home' }] }),
  ]);
}
