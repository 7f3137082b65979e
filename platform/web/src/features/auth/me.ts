import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { getMe } from '../../api/sdk.gen.ts';
import type { Me } from '../../lib/model.ts';
import { ApiProblem } from '../../lib/problem.ts';
import type { Services } from '../../lib/services.tsx';
import { useServices } from '../../lib/services.tsx';

export const meKey = ['me'] as const;

/** The signed-in person, or null for an anonymous reader, who costs no request. */
export function meOptions({ hint }: Pick<Services, 'hint'>) {
  return queryOptions({
    queryKey: meKey,
    queryFn: async ({ signal }): Promise<Me | null> => {
      if (hint.renewAtMs() === null) return null;
      try {
        return await getMe({ signal });
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useMe(): Me | null {
  return useQuery(meOptions(useServices())).data ?? null;
}

/** Another reader sees other likes, roles and feeds: everything that was read for the last one goes. */
export async function changeReader(queryClient: QueryClient, me: Me | null): Promise<void> {
  await queryClient.cancelQueries();
  queryClient.setQueryData(meKey, me);
  await queryClient.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] });
}
