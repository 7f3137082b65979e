import { useMutation } from '@tanstack/react-query';
import {
  acceptFriendRequest,
  askToBeFriends,
  blockPerson,
  cancelFriendRequest,
  declineFriendRequest,
  removeFriend,
  unblockPerson,
} from '../../api/sdk.gen.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { refreshEverything, refreshFriends } from './friend-queries.ts';

/** What one person can do about another. Each says what came of it and lets the lists be read anew. */
export function useFriendActions(username: string) {
  const path = { username };
  return {
    ask: useFriendAction(() => askToBeFriends({ path })),
    cancel: useFriendAction(() => cancelFriendRequest({ path })),
    accept: useFriendAction(() => acceptFriendRequest({ path }), `You and @${username} are friends now.`),
    decline: useFriendAction(() => declineFriendRequest({ path })),
    remove: useFriendAction(() => removeFriend({ path }), `You and @${username} are no longer friends.`),
  };
}

function useFriendAction(act: () => Promise<unknown>, done?: string) {
  const { queryClient, notices } = useServices();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      if (done !== undefined) notices.show({ tone: 'good', text: done });
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
    onSettled: () => refreshFriends(queryClient),
  });
}

export function useBlock(username: string, onDone?: () => void) {
  const { queryClient, notices } = useServices();
  return useMutation({
    mutationFn: () => blockPerson({ path: { username } }),
    onSuccess: async () => {
      notices.show({ tone: 'good', text: `@${username} is blocked.`, detail: 'You can change that in your settings.' });
      onDone?.();
      await refreshEverything(queryClient);
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
}

export function useUnblock(username: string) {
  const { queryClient, notices } = useServices();
  return useMutation({
    mutationFn: () => unblockPerson({ path: { username } }),
    onSuccess: async () => {
      notices.show({ tone: 'good', text: `You and @${username} see each other again.` });
      await refreshEverything(queryClient);
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
}
