import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { changePassword, updateMe } from '../api/sdk.gen.ts';
import { Button } from '../components/button.tsx';
import { Card, PageHeading } from '../components/card.tsx';
import { TextAreaField, TextField } from '../components/field.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { BlockedPeople } from '../features/friends/blocked-people.tsx';
import { PrivacyForm } from '../features/friends/privacy-form.tsx';
import { meKey, useMe } from '../features/auth/me.ts';
import { showServerProblems } from '../lib/form-problems.ts';
import type { Me } from '../lib/model.ts';
import { useServices } from '../lib/services.tsx';

const displayNameCharsMax = 60;
const bioCharsMax = 2000;
const passwordCharsMin = 10;

function ProfileForm({ me }: { me: Me }) {
  const { queryClient, notices } = useServices();
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { displayName: me.displayName, bio: me.bio } });
  const save = useMutation({
    mutationFn: (body: { displayName: string; bio: string }) => updateMe({ body }),
    onSuccess: async (changed) => {
      queryClient.setQueryData(meKey, changed);
      notices.show({ tone: 'good', text: 'Your profile is saved.' });
      await queryClient.invalidateQueries({ queryKey: ['profile', me.username] });
    },
    onError: (error) => void showServerProblems(error, ['displayName', 'bio'], setError),
  });
  const { errors } = formState;
  const placed = errors.displayName?.type === 'server' || errors.bio?.type === 'server';
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => void handleSubmit((values) => save.mutate(values))(event)}>
      <TextField
        label="Display name"
        maxLength={displayNameCharsMax}
        autoComplete="name"
        error={errors.displayName?.message}
        {...register('displayName', { validate: (name) => name.trim() !== '' || 'Choose a name that people see.' })}
      />
      <TextAreaField label="About you" hint="Everyone sees it." maxLength={bioCharsMax} error={errors.bio?.message} {...register('bio')} />
      {save.error !== null && !placed && <ProblemNote error={save.error} />}
      <Button type="submit" busy={save.isPending} className="self-start">
        Save profile
      </Button>
    </form>
  );
}

function PasswordForm() {
  const { queryClient, notices } = useServices();
  const { register, handleSubmit, setError, reset, formState } = useForm({ defaultValues: { currentPassword: '', newPassword: '' } });
  const change = useMutation({
    mutationFn: (body: { currentPassword: string; newPassword: string }) => changePassword({ body }),
    onSuccess: async () => {
      reset();
      notices.show({ tone: 'good', text: 'Your password is changed. Other devices are signed out.' });
      await queryClient.invalidateQueries({ queryKey: ['sessions'] });
    },
    onError: (error) => void showServerProblems(error, ['currentPassword', 'newPassword'], setError),
  });
  const { errors } = formState;
  const placed = errors.currentPassword?.type === 'server' || errors.newPassword?.type === 'server';
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(event) => void handleSubmit((values) => change.mutate(values))(event)}>
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        error={errors.currentPassword?.message}
        {...register('currentPassword', { required: 'Type your current password.' })}
      />
      <TextField
        label="New password"
        hint="At least 10 characters."
        type="password"
        autoComplete="new-password"
        error={errors.newPassword?.message}
        {...register('newPassword', {
          minLength: { value: passwordCharsMin, message: 'Use at least 10 characters.' },
          required: 'Type a new password.',
        })}
      />
      {change.error !== null && !placed && <ProblemNote error={change.error} />}
      <Button type="submit" busy={change.isPending} className="self-start">
        Change password
      </Button>
    </form>
  );
}

export function SettingsPage() {
  const me = useMe();
  if (me === null) return null;
  return (
    <div className="flex max-w-[44rem] flex-col gap-4">
      <title>Settings · Sanctum</title>
      <PageHeading>Settings</PageHeading>
      <Card>
        <h2 className="mb-4 text-xl font-semibold">Profile</h2>
        <ProfileForm key={me.id} me={me} />
      </Card>
      <Card>
        <h2 className="mb-4 text-xl font-semibold">Privacy</h2>
        <PrivacyForm />
      </Card>
      <Card>
        <h2 className="mb-4 text-xl font-semibold">Blocked people</h2>
        <BlockedPeople />
      </Card>
      <Card>
        <h2 className="mb-4 text-xl font-semibold">Password</h2>
        <PasswordForm />
      </Card>
    </div>
  );
}
