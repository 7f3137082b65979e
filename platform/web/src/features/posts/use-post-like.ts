import { likePost, unlikePost } from '../../api/sdk.gen.ts';
import { useOptimisticLike } from '../../lib/optimistic-like.ts';
import { patchPost } from './post-queries.ts';

export function usePostLike(postId: string) {
  return useOptimisticLike({
    id: `post:${postId}`,
    send: (liked) => (liked ? likePost : unlikePost)({ path: { postId } }),
    apply: (queryClient, state) => patchPost(queryClient, postId, (post) => ({ ...post, ...state })),
  });
}
