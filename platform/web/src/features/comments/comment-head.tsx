import { PersonEmblem } from '../../components/emblem.tsx';
import { PersonName } from '../../components/person-name.tsx';
import { Time } from '../../components/time.tsx';
import { counted } from '../../lib/format.ts';
import type { Comment } from '../../lib/model.ts';

interface CommentHeadProps {
  readonly comment: Comment;
  readonly id: string;
  readonly folded: boolean;
  readonly replies: number;
  readonly onFold: () => void;
}

export function CommentHead({ comment, id, folded, replies, onFold }: CommentHeadProps) {
  const name = comment.author?.displayName ?? 'deleted';
  return (
    <div className="flex items-center gap-2 pb-1 text-sm">
      <div id={id} className="text-muted flex min-w-0 flex-wrap items-center gap-x-2">
        <PersonEmblem name={comment.author?.username ?? '–'} />
        {comment.author === null ? <span>deleted</span> : <PersonName person={comment.author} className="text-ink" />}
        <Time iso={comment.createdAt} />
        {comment.editedAt !== null && <span>(edited)</span>}
      </div>
      {replies > 0 && (
        <button
          type="button"
          onClick={onFold}
          aria-label={`${folded ? 'Unfold' : 'Fold'} ${counted(replies, 'reply', 'replies')} to ${name}`}
          className="text-muted hover:bg-raised hover:text-ink ml-auto inline-flex min-h-8 min-w-8 items-center justify-center rounded-full px-2 font-mono text-sm"
        >
          {folded ? `+${replies}` : '−'}
        </button>
      )}
    </div>
  );
}
