import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type SubmitEvent, useState } from 'react';
import { createComment, updateComment } from '../../api/sdk.gen.ts';
import { Button } from '../../components/button.tsx';
import { TextAreaField } from '../../components/field.tsx';
import { MarkdownHint } from '../../components/markdown-hint.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import type { Comment } from '../../lib/model.ts';
import { useServices } from '../../lib/services.tsx';
import { useFocusOnMount } from '../../lib/use-focus-on-mount.ts';
import { useSubmissionKey } from '../../lib/submission-key.ts';
import { useDraft } from '../../lib/use-draft.ts';
import { patchPost } from '../posts/post-queries.ts';
import { patchComments } from './comment-queries.ts';
import { insertComment, replaceComment } from './comment-window.ts';

const bodyCharsMax = 10_000;

interface ComposerProps {
  readonly label: string;
  readonly action: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSubmit: () => void;
  readonly onCancel?: (() => void) | undefined;
  readonly pending: boolean;
  readonly error: unknown;
  /** The form opened in answer to a button: it takes the focus. */
  readonly focused?: boolean;
}

/** A text area that sends with its button or Ctrl+Enter and says what went wrong without losing a word. */
function Composer({ label, action, text, onText, onSubmit, onCancel, pending, error, focused = false }: ComposerProps) {
  const area = useFocusOnMount<HTMLTextAreaElement>(focused);
  const [missing, setMissing] = useState(false);
  const send = () => {
    setMissing(text.trim() === '');
    if (text.trim() !== '' && !pending) onSubmit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
    else if (event.key === 'Escape' && onCancel !== undefined) onCancel();
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        send();
      }}
    >
      <TextAreaField
        label={label}
        value={text}
        maxLength={bodyCharsMax}
        ref={area}
        error={missing && text.trim() === '' ? 'Write something first.' : undefined}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {error !== null && <ProblemNote error={error} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" busy={pending}>
          {action}
        </Button>
        {onCancel !== undefined && (
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <div className="ml-auto">
          <MarkdownHint />
        </div>
      </div>
    </form>
  );
}

interface NewCommentProps {
  readonly postId: string;
  /** The comment replied to; null for one on the post itself. */
  readonly parent: Comment | null;
  readonly onDone?: () => void;
}

export function NewComment({ postId, parent, onDone }: NewCommentProps) {
  const { queryClient } = useServices();
  const draft = useDraft(`comment:${postId}:${parent?.id ?? ''}`);
  const submission = useSubmissionKey();
  const create = useMutation({
    mutationFn: () => {
      const body = { body: draft.text, ...(parent === null ? {} : { parentId: parent.id }) };
      return createComment({ path: { postId }, body, headers: submission.headersFor(body) });
    },
    onSuccess: (comment) => {
      submission.accepted();
      draft.clear();
      patchComments(queryClient, postId, (window) => insertComment(window, comment));
      patchPost(queryClient, postId, (post) => ({ ...post, commentCount: post.commentCount + 1 }));
      onDone?.();
    },
  });
  return (
    <Composer
      label={parent === null ? 'Add a comment' : `Reply to ${parent.author?.displayName ?? 'this comment'}`}
      action={parent === null ? 'Comment' : 'Reply'}
      text={draft.text}
      onText={draft.write}
      onSubmit={() => create.mutate()}
      onCancel={onDone}
      pending={create.isPending}
      error={create.error}
      focused={parent !== null}
    />
  );
}

export function EditComment({ postId, comment, onDone }: { postId: string; comment: Comment; onDone: () => void }) {
  const { queryClient } = useServices();
  const [text, setText] = useState(comment.body);
  const update = useMutation({
    mutationFn: () => updateComment({ path: { commentId: comment.id }, body: { body: text } }),
    onSuccess: (changed) => {
      patchComments(queryClient, postId, (window) => replaceComment(window, comment.id, () => changed));
      onDone();
    },
  });
  return (
    <Composer
      label="Edit your comment"
      action="Save"
      text={text}
      onText={setText}
      onSubmit={() => update.mutate()}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      focused
    />
  );
}
