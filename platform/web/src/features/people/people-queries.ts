import { queryOptions } from '@tanstack/react-query';
import { getProfile, listSessions } from '../../api/sdk.gen.ts';

export function profileOptions(username: string) {
  return queryOptions({ queryKey: ['profile', username], queryFn: ({ signal }) => getProfile({ path: { username }, signal }) });
}

export const sessionsOptions = queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => listSessions({ signal }) });
