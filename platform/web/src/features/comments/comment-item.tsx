import { useState } from 'react';
import { counted, shortCount } from '../../lib/format.ts';
import type { CommentWindow } from '../../lib/model.ts';
import { useMe } from '../auth/me.ts';
import { CommentActions } from './comment-actions.tsx';
import { EditComment, NewComment } from './comment-form.tsx';
import { CommentHead } from './comment-head.tsx';
import type { CommentNode } from './comment-window.ts';

export interface TreeContext {
  readonly postId: string;
  readonly collapsed: ReadonlySet<string>;
  readonly setCollapsed: (id: string, fold: boolean) => void;
  /** The one comment that the Tab key reaches. */
  readonly tabStopId: string;
  readonly setActiveId: (id: string) => void;
  readonly loadMore: (more: CommentWindow['more'][number]) => void;
  /** Whose replies are being loaded: a comment id, null for the post, undefined for none. */
  readonly loadingParentId: string | null | undefined;
}

interface CommentItemProps {
  readonly node: CommentNode;
  readonly level: number;
  readonly position: number;
  readonly size: number;
  readonly context: TreeContext;
}

/** Deeper levels keep their number for screen readers but are not pushed further to the right. */
const indentedLevelsMax = 7;

export function CommentItem({ node, level, position, size, context }: CommentItemProps) {
  const { comment } = node;
  const [form, setForm] = useState<'none' | 'reply' | 'edit'>('none');
  const me = useMe();
  const folded = context.collapsed.has(comment.id);
  const replies = Math.max(comment.childCount, node.children.length);
  const headId = `comment-${comment.id}-head`;
  const close = () => setForm('none');
  return (
    <div
      role="treeitem"
      data-comment={comment.id}
      tabIndex={context.tabStopId === comment.id ? 0 : -1}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={size}
      aria-labelledby={headId}
      {...(replies > 0 ? { 'aria-expanded': !folded } : {})}
      onFocus={(event) => {
        if (event.target === event.currentTarget) context.setActiveId(comment.id);
      }}
      className="rounded-lg pt-2"
    >
      <CommentHead
        comment={comment}
        id={headId}
        folded={folded}
        replies={replies}
        onFold={() => context.setCollapsed(comment.id, !folded)}
      />
      {form === 'edit' ? (
        <EditComment postId={context.postId} comment={comment} onDone={close} />
      ) : (
        !folded && <CommentBody html={comment.bodyHtml} deleted={comment.deleted} />
      )}
      {!folded && !comment.deleted && form !== 'edit' && (
        <CommentActions
          postId={context.postId}
          comment={comment}
          signedIn={me !== null}
          onReply={() => setForm('reply')}
          onEdit={() => setForm('edit')}
        />
      )}
      {form === 'reply' && (
        <div className="py-2">
          <NewComment postId={context.postId} parent={comment} onDone={close} />
        </div>
      )}
      {!folded && replies > 0 && <Replies node={node} level={level} context={context} />}
    </div>
  );
}

function CommentBody({ html, deleted }: { html: string; deleted: boolean }) {
  if (deleted) return <p className="text-muted italic">This comment was deleted.</p>;
  // The server renders and sanitises Markdown; nothing a person typed reaches this as HTML.
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}

function Replies({ node, level, context }: { node: CommentNode; level: number; context: TreeContext }) {
  const { children, more } = node;
  const indent = level < indentedLevelsMax ? 'ml-1 border-l-2 pl-2.5 sm:ml-3 sm:pl-4' : 'border-l-2 pl-1';
  const loading = context.loadingParentId === node.comment.id;
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a tree's replies are a group; a fieldset is for forms
    <div role="group" className={`border-line hover:border-edge mt-1 transition-colors ${indent}`}>
      {children.map((child, index) => (
        <CommentItem
          key={child.comment.id}
          node={child}
          level={level + 1}
          position={index + 1}
          size={children.length + (more?.remaining ?? 0)}
          context={context}
        />
      ))}
      {more !== null && (
        <button
          type="button"
          disabled={loading}
          aria-label={`Show ${counted(more.remaining, 'more reply', 'more replies')} to ${node.comment.author?.displayName ?? 'a deleted comment'}`}
          onClick={() => context.loadMore(more)}
          className="text-accent my-1 min-h-8 rounded-full px-2.5 text-sm font-semibold hover:underline"
        >
          {loading ? 'Loading…' : `${shortCount(more.remaining)} more ${more.remaining === 1 ? 'reply' : 'replies'}`}
        </button>
      )}
    </div>
  );
}
