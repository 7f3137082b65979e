import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';
import { deletePost } from '../../api/sdk.gen.ts';
import { ActionButton } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { LinkIcon } from '../../components/icons.tsx';
import { LikeButton } from '../../components/like-button.tsx';
import { LinesSkeleton } from '../../components/skeleton.tsx';
import { hostOf, plainExcerpt } from '../../lib/format.ts';
import type { Post } from '../../lib/model.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { isWebAddress } from './post-card.tsx';
import { PostMeta } from './post-meta.tsx';
import { postOptions } from './post-queries.ts';
import { usePostLike } from './use-post-like.ts';

const PostEditor = lazy(async () => ({ default: (await import('./post-editor.tsx')).PostEditor }));

/** `complete` is false while only the excerpt of a feed is known. */
export function FullPost({ post, complete }: { post: Post; complete: boolean }) {
  const { queryClient, notices } = useServices();
  const navigate = useNavigate();
  const like = usePostLike(post.id);
  const [editing, setEditing] = useState(false);
  const remove = useMutation({
    mutationFn: () => deletePost({ path: { postId: post.id } }),
    onSuccess: async () => {
      await navigate({ to: '/s/$name', params: { name: post.sanctum.name } });
      queryClient.removeQueries({ queryKey: postOptions(post.id).queryKey });
      await queryClient.invalidateQueries({ queryKey: ['feed'] });
      notices.show({ tone: 'good', text: 'The post is deleted.' });
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
  return (
    <article className="border-line bg-surface flex flex-col gap-3 rounded-2xl border p-4 sm:p-6">
      <PostMeta post={post} showSanctum />
      {editing ? (
        <Suspense fallback={<LinesSkeleton />}>
          <PostEditor post={post} onDone={() => setEditing(false)} />
        </Suspense>
      ) : (
        <>
          <h1 className="text-2xl font-bold sm:text-3xl">{post.title}</h1>
          {post.kind === 'link' && post.url !== null && isWebAddress(post.url) && (
            <a
              href={post.url}
              rel="noreferrer ugc"
              className="border-line hover:border-edge text-accent flex items-center gap-3 rounded-xl border p-3 font-medium"
            >
              <LinkIcon />
              <span className="min-w-0">
                <span className="block">{hostOf(post.url)}</span>
                <span className="text-muted block truncate text-sm">{post.url}</span>
              </span>
            </a>
          )}
          {complete ? (
            // The server renders and sanitises Markdown; nothing a person typed reaches this as HTML.
            post.bodyHtml !== '' && <div className="prose" dangerouslySetInnerHTML={{ __html: post.bodyHtml }} />
          ) : (
            <p className="prose text-muted whitespace-pre-line">{plainExcerpt(post.body)}</p>
          )}
        </>
      )}
      <div className="-ml-2.5 flex flex-wrap items-center gap-1">
        <LikeButton state={post} subject={`“${post.title}”`} onToggle={like.mutate} />
        {complete && post.canEdit && !editing && <ActionButton onClick={() => setEditing(true)}>Edit</ActionButton>}
        {post.canDelete && (
          <ConfirmButton
            question="Delete this post?"
            consequence="The post and its comments disappear for everyone. This cannot be undone."
            confirm="Delete post"
            onConfirm={() => remove.mutate()}
            disabled={remove.isPending}
          >
            Delete
          </ConfirmButton>
        )}
      </div>
    </article>
  );
}
