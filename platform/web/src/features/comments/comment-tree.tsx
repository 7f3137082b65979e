import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { LinesSkeleton } from '../../components/skeleton.tsx';
import { shortCount } from '../../lib/format.ts';
import type { CommentSort } from '../../lib/model.ts';
import { CommentItem, type TreeContext } from './comment-item.tsx';
import { commentsOptions, useMoreComments } from './comment-queries.ts';
import { toForest } from './comment-window.ts';
import { useTreeKeys } from './use-tree-keys.ts';

export function CommentTree({ postId, sort }: { postId: string; sort: CommentSort }) {
  const query = useQuery(commentsOptions(postId, sort));
  const loadMore = useMoreComments(postId, sort);
  const [collapsed, setCollapsedSet] = useState<ReadonlySet<string>>(new Set());
  const setCollapsed = useCallback((id: string, fold: boolean) => {
    setCollapsedSet((before) => {
      const after = new Set(before);
      if (fold) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  const { tree, activeId, setActiveId, onKeyDown } = useTreeKeys({ collapsed, setCollapsed });
  const forest = useMemo(() => (query.data === undefined ? null : toForest(query.data)), [query.data]);

  if (query.isError && forest === null) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (forest === null) return <LinesSkeleton lines={6} />;
  if (forest.roots.length === 0) return <p className="text-muted py-6">No comments yet. Yours can be the first.</p>;

  const context: TreeContext = {
    postId,
    collapsed,
    setCollapsed,
    tabStopId: activeId ?? forest.roots[0]?.comment.id ?? '',
    setActiveId,
    loadMore: loadMore.mutate,
    loadingParentId: loadMore.isPending ? loadMore.variables.parentId : undefined,
  };
  const total = forest.roots.length + (forest.more?.remaining ?? 0);
  const { more } = forest;
  return (
    <>
      <div ref={tree} role="tree" tabIndex={-1} aria-label="Comments" onKeyDown={onKeyDown} className="flex flex-col gap-1">
        {forest.roots.map((node, index) => (
          <CommentItem key={node.comment.id} node={node} level={1} position={index + 1} size={total} context={context} />
        ))}
      </div>
      {more !== null && (
        <Button look="outline" className="mt-4" busy={context.loadingParentId === null} onClick={() => loadMore.mutate(more)}>
          {context.loadingParentId === null ? 'Loading…' : `More comments (${shortCount(more.remaining)})`}
        </Button>
      )}
    </>
  );
}
