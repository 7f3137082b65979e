import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useRouterState } from '@tanstack/react-router';
import { buttonClass } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { PageProblem } from '../components/page-problem.tsx';
import { LinesSkeleton } from '../components/skeleton.tsx';
import { TabLinks, exactly, tabLinkClass } from '../components/tab-links.tsx';
import { useMe } from '../features/auth/me.ts';
import { NewComment } from '../features/comments/comment-form.tsx';
import { CommentTree } from '../features/comments/comment-tree.tsx';
import { FullPost } from '../features/posts/full-post.tsx';
import { findCachedPost, postOptions } from '../features/posts/post-queries.ts';
import { counted } from '../lib/format.ts';
import { type CommentSort, type Post, commentSorts } from '../lib/model.ts';
import { useServices } from '../lib/services.tsx';
import { WithContext } from '../shell/shell.tsx';

const route = getRouteApi('/posts/$postId');
const sortNames = { top: 'Top', new: 'New' } as const;

function CommentSortTabs() {
  return (
    <TabLinks label="Sort comments">
      {commentSorts.map((option) => (
        <Link
          key={option}
          to="."
          search={{ sort: option === 'top' ? undefined : option }}
          activeOptions={exactly}
          className={tabLinkClass}
          resetScroll={false}
        >
          {sortNames[option]}
        </Link>
      ))}
    </TabLinks>
  );
}

function Discussion({ post, sort }: { post: Post; sort: CommentSort }) {
  const me = useMe();
  const href = useRouterState({ select: (router) => router.location.href });
  return (
    <section id="comments" aria-labelledby="comments-title" className="mt-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="comments-title" className="mb-3 text-xl font-semibold">
          {counted(post.commentCount, 'comment')}
        </h2>
        <CommentSortTabs />
      </div>
      <div className="mb-5">
        {me === null ? (
          <Link to="/sign-in" search={{ return: href }} className={buttonClass('outline')}>
            Sign in to comment
          </Link>
        ) : (
          <NewComment postId={post.id} parent={null} />
        )}
      </div>
      <CommentTree key={sort} postId={post.id} sort={sort} />
    </section>
  );
}

export function PostPage() {
  const { postId } = route.useParams();
  const { sort = 'top' } = route.useSearch();
  const { queryClient } = useServices();
  const query = useQuery({ ...postOptions(postId), placeholderData: () => findCachedPost(queryClient, postId) });
  const post = query.data;
  if (query.isError && post === undefined) return <PageProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (post === undefined) {
    return (
      <Card>
        <LinesSkeleton lines={6} />
      </Card>
    );
  }
  return (
    <WithContext context={<PostContext post={post} />}>
      <title>{`${post.title} · Sanctum`}</title>
      <FullPost post={post} complete={!query.isPlaceholderData} />
      <Discussion post={post} sort={sort} />
    </WithContext>
  );
}

function PostContext({ post }: { post: Post }) {
  return (
    <Card>
      <p className="text-muted mb-1">Posted in</p>
      <h2 className="mb-3 text-lg font-semibold">{post.sanctum.title}</h2>
      <Link to="/s/$name" params={{ name: post.sanctum.name }} className={buttonClass('soft', 'w-full')}>
        Visit the sanctum
      </Link>
    </Card>
  );
}
