import { type QueryClient, useMutation } from '@tanstack/react-query';
import { toProblem } from './problem.ts';
import { useServices } from './services.tsx';

export interface LikeState {
  readonly liked: boolean;
  readonly likeCount: number;
}

export const toggled = ({ liked, likeCount }: LikeState): LikeState => ({ liked: !liked, likeCount: likeCount + (liked ? -1 : 1) });

interface LikeTarget {
  /** Unique per liked thing: `post:42`. */
  readonly id: string;
  readonly send: (liked: boolean) => Promise<LikeState>;
  readonly apply: (queryClient: QueryClient, state: LikeState) => void;
}

/**
 * Shows a like at once, sends it, and takes it back when the server refuses. Quick presses are sent one after
 * another; only the last one's answer is shown, so the number does not jump.
 */
export function useOptimisticLike({ id, send, apply }: LikeTarget) {
  const { queryClient, notices } = useServices();
  const mutationKey = ['like', id];
  const isLast = () => queryClient.isMutating({ mutationKey }) === 1;

  return useMutation({
    mutationKey,
    scope: { id: `like:${id}` },
    mutationFn: (before: LikeState) => send(!before.liked),
    onMutate: (before) => apply(queryClient, toggled(before)),
    onSuccess: (state) => {
      if (isLast()) apply(queryClient, { liked: state.liked, likeCount: state.likeCount });
    },
    onError: (error, before) => {
      if (isLast()) apply(queryClient, before);
      const problem = toProblem(error);
      notices.show({ tone: 'bad', text: `Your like was not saved. ${problem.message}`, detail: problem.fix });
    },
  });
}
