import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { updatePost } from '../../api/sdk.gen.ts';
import { Button } from '../../components/button.tsx';
import { TextAreaField, TextField } from '../../components/field.tsx';
import { MarkdownHint } from '../../components/markdown-hint.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import type { Post } from '../../lib/model.ts';
import { useServices } from '../../lib/services.tsx';
import { patchPost, postOptions } from './post-queries.ts';

const titleCharsMax = 300;
const bodyCharsMax = 40_000;

export function PostEditor({ post, onDone }: { post: Post; onDone: () => void }) {
  const { queryClient } = useServices();
  const { register, handleSubmit, formState } = useForm({ defaultValues: { title: post.title, body: post.body } });
  const update = useMutation({
    mutationFn: (body: { title: string; body: string }) => updatePost({ path: { postId: post.id }, body }),
    onSuccess: (changed) => {
      patchPost(queryClient, post.id, (cached) => ({ ...cached, title: changed.title, editedAt: changed.editedAt }));
      queryClient.setQueryData(postOptions(post.id).queryKey, changed);
      onDone();
    },
  });
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => void handleSubmit((values) => update.mutate(values))(event)}>
      <TextField
        label="Title"
        maxLength={titleCharsMax}
        error={formState.errors.title?.message}
        {...register('title', { validate: (title) => title.trim() !== '' || 'Give the post a title.' })}
      />
      <TextAreaField label="Text" maxLength={bodyCharsMax} className="min-h-48" {...register('body')} />
      <MarkdownHint />
      {update.error !== null && <ProblemNote error={update.error} />}
      <div className="flex gap-2">
        <Button type="submit" busy={update.isPending}>
          Save
        </Button>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
