import { useMutation } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { deleteComment } from '../../api/sdk.gen.ts';
import { ActionButton } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { LikeButton } from '../../components/like-button.tsx';
import type { Comment } from '../../lib/model.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { patchPost } from '../posts/post-queries.ts';
import { patchComments, useCommentLike } from './comment-queries.ts';
import { removeComment } from './comment-window.ts';

interface CommentActionsProps {
  readonly postId: string;
  readonly comment: Comment;
  readonly signedIn: boolean;
  readonly onReply: () => void;
  readonly onEdit: () => void;
}

export function CommentActions({ postId, comment, signedIn, onReply, onEdit }: CommentActionsProps) {
  const { queryClient, notices } = useServices();
  const navigate = useNavigate();
  const href = useRouterState({ select: (router) => router.location.href });
  const like = useCommentLike(postId, comment.id);
  const remove = useMutation({
    mutationFn: () => deleteComment({ path: { commentId: comment.id } }),
    onSuccess: () => {
      patchComments(queryClient, postId, (window) => removeComment(window, comment.id));
      patchPost(queryClient, postId, (post) => ({ ...post, commentCount: Math.max(0, post.commentCount - 1) }));
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
  const author = comment.author?.displayName ?? 'a deleted person';
  const reply = () => (signedIn ? onReply() : void navigate({ to: '/sign-in', search: { return: href } }));
  return (
    <div data-actions className="-ml-2.5 flex flex-wrap items-center gap-x-0.5">
      <LikeButton state={comment} subject={`the comment by ${author}`} onToggle={like.mutate} />
      <ActionButton data-action="reply" aria-label={`Reply to ${author}`} onClick={reply}>
        Reply
      </ActionButton>
      {comment.canEdit && <ActionButton onClick={onEdit}>Edit</ActionButton>}
      {comment.canDelete && (
        <ConfirmButton
          question="Delete this comment?"
          consequence="Replies to it stay. This cannot be undone."
          confirm="Delete comment"
          onConfirm={() => remove.mutate()}
          disabled={remove.isPending}
        >
          Delete
        </ConfirmButton>
      )}
    </div>
  );
}
