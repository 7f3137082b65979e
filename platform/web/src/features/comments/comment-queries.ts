import { type QueryClient, queryOptions, useMutation } from '@tanstack/react-query';
import { likeComment, listComments, unlikeComment } from '../../api/sdk.gen.ts';
import type { CommentSort, CommentWindow } from '../../lib/model.ts';
import { useOptimisticLike } from '../../lib/optimistic-like.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { mergeWindow, replaceComment } from './comment-window.ts';

const commentsPerWindow = 50;

export function commentsOptions(postId: string, sort: CommentSort) {
  return queryOptions({
    queryKey: ['comments', postId, sort],
    queryFn: ({ signal }) => listComments({ path: { postId }, query: { sort, limit: commentsPerWindow }, signal }),
    // The window grows by hand ("more replies"): a refresh on focus would fold what a reader has opened.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  });
}

export function patchComments(queryClient: QueryClient, postId: string, change: (window: CommentWindow) => CommentWindow): void {
  queryClient.setQueriesData<CommentWindow>({ queryKey: ['comments', postId] }, (window) => window && change(window));
}

export function useMoreComments(postId: string, sort: CommentSort) {
  const { queryClient, notices } = useServices();
  return useMutation({
    mutationFn: ({ parentId, cursor }: CommentWindow['more'][number]) =>
      listComments({
        path: { postId },
        query: { sort, limit: commentsPerWindow, ...(cursor === null ? {} : { cursor }), ...(parentId === null ? {} : { parentId }) },
      }),
    onSuccess: (next, used) =>
      queryClient.setQueryData(commentsOptions(postId, sort).queryKey, (window) => window && mergeWindow(window, used, next)),
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
}

export function useCommentLike(postId: string, commentId: string) {
  return useOptimisticLike({
    id: `comment:${commentId}`,
    send: (liked) => (liked ? likeComment : unlikeComment)({ path: { commentId } }),
    apply: (queryClient, state) =>
      patchComments(queryClient, postId, (window) => replaceComment(window, commentId, (comment) => ({ ...comment, ...state }))),
  });
}
