import { Link, getRouteApi } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { AccountFrame } from '../components/account-form.tsx';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/field.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useSignIn } from '../features/auth/auth-actions.ts';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { return: returnPath } = route.useSearch();
  const signIn = useSignIn(returnPath);
  const { register, handleSubmit, formState } = useForm({ defaultValues: { name: '', password: '' } });
  return (
    <AccountFrame
      title="Welcome back"
      aside={
        <>
          New here?{' '}
          <Link to="/sign-up" search={{ return: returnPath }} className="text-accent font-semibold underline underline-offset-2">
            Create an account
          </Link>
        </>
      }
    >
      <title>Sign in · Sanctum</title>
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => void handleSubmit((values) => signIn.mutate(values))(event)}>
        <TextField
          label="Username or e-mail address"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={formState.errors.name?.message}
          {...register('name', { required: 'Type your username or e-mail address.' })}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          error={formState.errors.password?.message}
          {...register('password', { required: 'Type your password.' })}
        />
        {signIn.error !== null && <ProblemNote error={signIn.error} />}
        <Button type="submit" busy={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </AccountFrame>
  );
}
