import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { setMember } from '../../api/sdk.gen.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useServices } from '../../lib/services.tsx';

/** A private sanctum grows by its owner and moderators adding people. */
export function AddMember({ sanctumName }: { sanctumName: string }) {
  const { queryClient } = useServices();
  const { register, handleSubmit, reset, formState } = useForm({ defaultValues: { username: '' } });
  const add = useMutation({
    mutationFn: ({ username }: { username: string }) => setMember({ path: { name: sanctumName, username }, body: { role: 'member' } }),
    onSuccess: async () => {
      reset();
      await queryClient.invalidateQueries({ queryKey: ['members', sanctumName] });
    },
  });
  return (
    <form noValidate className="mb-5 flex flex-col gap-3" onSubmit={(event) => void handleSubmit((values) => add.mutate(values))(event)}>
      <TextField
        label="Add someone by username"
        autoCapitalize="none"
        spellCheck={false}
        error={formState.errors.username?.message}
        {...register('username', {
          pattern: { value: /^[A-Za-z0-9_]{3,30}$/, message: 'A username has 3 to 30 letters, digits or "_".' },
          required: 'Type a username.',
        })}
      />
      {add.error !== null && <ProblemNote error={add.error} />}
      <Button type="submit" busy={add.isPending} className="self-start">
        Add member
      </Button>
    </form>
  );
}
