import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useForm, useWatch } from 'react-hook-form';
import { createPost } from '../../api/sdk.gen.ts';
import { Button } from '../../components/button.tsx';
import { RadioChoice, TextAreaField, TextField } from '../../components/field.tsx';
import { MarkdownHint } from '../../components/markdown-hint.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { showServerProblems } from '../../lib/form-problems.ts';
import { useServices } from '../../lib/services.tsx';
import { useSubmissionKey } from '../../lib/submission-key.ts';
import { useDraft } from '../../lib/use-draft.ts';
import { inBackground } from '../../lib/in-background.ts';

const titleCharsMax = 300;
const bodyCharsMax = 40_000;

interface PostDraft {
  readonly kind: 'text' | 'link';
  readonly title: string;
  readonly body: string;
  readonly url: string;
}
const emptyDraft: PostDraft = { kind: 'text', title: '', body: '', url: '' };

function parseDraft(text: string): PostDraft {
  if (text === '') return emptyDraft;
  try {
    return { ...emptyDraft, ...(JSON.parse(text) as Partial<PostDraft>) };
  } catch {
    // A draft cut off at its size limit is no JSON; starting empty is all that is left.
    return emptyDraft;
  }
}

export function PostForm({ sanctumName }: { sanctumName: string }) {
  const { queryClient } = useServices();
  const navigate = useNavigate();
  const draft = useDraft(`post:${sanctumName}`);
  const submission = useSubmissionKey();
  const { register, handleSubmit, control, setError, getValues, formState } = useForm<PostDraft>({ defaultValues: parseDraft(draft.text) });
  const kind = useWatch({ control, name: 'kind' });
  const create = useMutation({
    mutationFn: ({ title, body, url }: PostDraft) => {
      const content = { kind, title, body, ...(kind === 'link' ? { url } : {}) };
      return createPost({ path: { name: sanctumName }, body: content, headers: submission.headersFor(content) });
    },
    onSuccess: async (post) => {
      submission.accepted();
      draft.clear();
      inBackground(queryClient.invalidateQueries({ queryKey: ['feed'] }));
      await navigate({ to: '/posts/$postId', params: { postId: post.id } });
    },
    onError: (error) => showServerProblems(error, ['title', 'body', 'url'], setError),
  });
  const { errors } = formState;
  const placed = errors.title?.type === 'server' || errors.body?.type === 'server' || errors.url?.type === 'server';
  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onChange={() => draft.write(JSON.stringify(getValues()))}
      onSubmit={(event) => void handleSubmit((values) => create.mutate(values))(event)}
    >
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="mb-1.5 font-semibold">What kind of post?</legend>
        <RadioChoice title="Text" detail="A thought, a question, a story." value="text" {...register('kind')} />
        <RadioChoice title="Link" detail="Something good on another site." value="link" {...register('kind')} />
      </fieldset>
      <TextField
        label="Title"
        maxLength={titleCharsMax}
        error={errors.title?.message}
        {...register('title', { validate: (title) => title.trim() !== '' || 'Give the post a title.' })}
      />
      {kind === 'link' && (
        <TextField
          label="Address"
          type="url"
          inputMode="url"
          placeholder="https://…"
          error={errors.url?.message}
          {...register('url', {
            validate: (url) => /^https?:\/\/\S+$/.test(url) || 'Give a full address that begins with https:// or http://.',
          })}
        />
      )}
      <TextAreaField
        label={kind === 'link' ? 'Say something about it (optional)' : 'Text'}
        maxLength={bodyCharsMax}
        className="min-h-48"
        error={errors.body?.message}
        {...register('body')}
      />
      <MarkdownHint />
      {create.error !== null && !placed && <ProblemNote error={create.error} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={create.isPending}>
          Post
        </Button>
        <p className="text-muted text-sm">What you write is kept on this device until it is posted.</p>
      </div>
    </form>
  );
}
