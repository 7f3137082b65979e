import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { CommentIcon, LinkIcon } from '../../components/icons.tsx';
import { LikeButton } from '../../components/like-button.tsx';
import { counted, hostOf, plainExcerpt, shortCount } from '../../lib/format.ts';
import type { Post } from '../../lib/model.ts';
import { PostMeta } from './post-meta.tsx';
import { usePostLike } from './use-post-like.ts';

interface PostCardProps {
  readonly post: Post;
  readonly position: number;
  /** -1 while the length of the feed is not known. */
  readonly size: number;
  readonly showSanctum: boolean;
}

/** A link leaves the site only over http or https, whatever the API sends. */
export const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url);

export const PostCard = memo(function PostCard({ post, position, size, showSanctum }: PostCardProps) {
  const like = usePostLike(post.id);
  const titleId = `post-${post.id}-title`;
  return (
    <article
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- articles of a feed take the focus (WAI-ARIA feed pattern)
      tabIndex={0}
      aria-posinset={position}
      aria-setsize={size}
      aria-labelledby={titleId}
      className="lazy-paint border-line bg-surface relative flex flex-col gap-2 rounded-2xl border p-4 transition-colors sm:p-5"
    >
      <PostMeta post={post} showSanctum={showSanctum} />
      <h2 id={titleId} className="text-xl font-semibold">
        <Link to="/posts/$postId" params={{ postId: post.id }} data-action="open" className="hover:text-accent">
          {post.title}
        </Link>
      </h2>
      {post.kind === 'link' && post.url !== null && isWebAddress(post.url) && (
        <a
          href={post.url}
          rel="noreferrer ugc"
          className="text-accent inline-flex w-fit items-center gap-1.5 text-sm font-medium hover:underline"
        >
          <LinkIcon /> {hostOf(post.url)}
        </a>
      )}
      {post.body !== '' && <p className="text-muted line-clamp-3">{plainExcerpt(post.body)}</p>}
      <div className="-ml-2.5 flex items-center gap-1">
        <LikeButton state={post} subject={`“${post.title}”`} onToggle={like.mutate} />
        <Link
          to="/posts/$postId"
          params={{ postId: post.id }}
          hash="comments"
          aria-label={`${counted(post.commentCount, 'comment')} on “${post.title}”`}
          className="text-muted hover:bg-raised hover:text-ink inline-flex min-h-8 items-center gap-1.5 rounded-full px-2.5 text-sm font-medium tabular-nums"
        >
          <CommentIcon />
          {shortCount(post.commentCount)}
        </Link>
      </div>
    </article>
  );
});
