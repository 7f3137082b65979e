import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../../components/button.tsx';
import { RadioChoice, TextAreaField, TextField } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { showServerProblems } from '../../lib/form-problems.ts';

export interface SanctumFields {
  name: string;
  title: string;
  description: string;
  visibility: 'public' | 'private';
}

interface SanctumFormProps {
  readonly initial: SanctumFields;
  /** The name is the address of a sanctum and stays once it is chosen. */
  readonly nameFixed: boolean;
  /** Only the owner says who may read it. */
  readonly visibilityFixed?: boolean;
  readonly action: string;
  readonly onSubmit: (fields: SanctumFields) => Promise<unknown>;
}

const titleCharsMax = 100;
const descriptionCharsMax = 5000;
const fields = ['name', 'title', 'description', 'visibility'] as const;

export function SanctumForm({ initial, nameFixed, visibilityFixed = false, action, onSubmit }: SanctumFormProps) {
  const { register, handleSubmit, setError, formState } = useForm<SanctumFields>({ defaultValues: initial });
  const [failure, setFailure] = useState<unknown>(null);
  const { errors } = formState;
  const submit = handleSubmit(async (values) => {
    setFailure(null);
    try {
      await onSubmit(values);
    } catch (error) {
      if (!showServerProblems(error, fields, setError)) setFailure(error);
    }
  });
  return (
    <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
      {!nameFixed && (
        <TextField
          label="Name"
          hint="Part of its address: s/pottery. 3 to 30 letters, digits or “_”; it cannot be changed later."
          autoCapitalize="none"
          spellCheck={false}
          error={errors.name?.message}
          {...register('name', {
            pattern: { value: /^[A-Za-z0-9_]{3,30}$/, message: 'Use 3 to 30 letters, digits or "_".' },
            required: 'Choose a name.',
          })}
        />
      )}
      <TextField
        label="Title"
        maxLength={titleCharsMax}
        error={errors.title?.message}
        {...register('title', { validate: (title) => title.trim() !== '' || 'Give it a title.' })}
      />
      <TextAreaField
        label="Description (optional)"
        hint="What belongs here, and what does not?"
        maxLength={descriptionCharsMax}
        error={errors.description?.message}
        {...register('description')}
      />
      <fieldset disabled={visibilityFixed} className="grid gap-2 sm:grid-cols-2">
        <legend className="mb-1.5 font-semibold">
          {visibilityFixed ? 'Who may read it? Only the owner changes that.' : 'Who may read it?'}
        </legend>
        <RadioChoice title="Public" detail="Everyone reads, members write." value="public" {...register('visibility')} />
        <RadioChoice title="Private" detail="Only members read and write." value="private" {...register('visibility')} />
      </fieldset>
      {failure !== null && <ProblemNote error={failure} />}
      <Button type="submit" busy={formState.isSubmitting} className="self-start">
        {action}
      </Button>
    </form>
  );
}
