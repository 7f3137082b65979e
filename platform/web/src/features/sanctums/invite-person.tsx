import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { invitePerson } from '../../api/sdk.gen.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useServices } from '../../lib/services.tsx';
import { refreshPeopleOf } from './invitation-queries.ts';

/** Nobody is put into a sanctum: they are asked, and come when they accept. */
export function InvitePerson({ sanctumName }: { sanctumName: string }) {
  const { queryClient, notices } = useServices();
  const { register, handleSubmit, reset, formState } = useForm({ defaultValues: { username: '' } });
  const invite = useMutation({
    mutationFn: ({ username }: { username: string }) => invitePerson({ path: { name: sanctumName, username }, body: { role: 'member' } }),
    onSuccess: async ({ username }) => {
      reset();
      notices.show({ tone: 'good', text: `@${username} is invited.` });
      await refreshPeopleOf(queryClient, sanctumName);
    },
  });
  return (
    <form noValidate className="mb-5 flex flex-col gap-3" onSubmit={(event) => void handleSubmit((values) => invite.mutate(values))(event)}>
      <TextField
        label="Invite someone by username"
        hint="They become a member when they accept."
        autoCapitalize="none"
        spellCheck={false}
        error={formState.errors.username?.message}
        {...register('username', {
          pattern: { value: /^[A-Za-z0-9_]{3,30}$/, message: 'A username has 3 to 30 letters, digits or "_".' },
          required: 'Type a username.',
        })}
      />
      {invite.error !== null && <ProblemNote error={invite.error} />}
      <Button type="submit" busy={invite.isPending} className="self-start">
        Invite
      </Button>
    </form>
  );
}
