import { zodResolver } from '@hookform/resolvers/zod';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { z } from 'zod/mini';
import { AccountFrame } from '../components/account-form.tsx';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/field.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useRegister } from '../features/auth/auth-actions.ts';
import { showServerProblems } from '../lib/form-problems.ts';
import { useSubmissionKey } from '../lib/submission-key.ts';

const route = getRouteApi('/sign-up');

/** First hints while typing; the server has the last word, and its words are shown at the same fields. */
const account = z.object({
  username: z.string().check(z.regex(/^[A-Za-z0-9_]{3,30}$/, 'Use 3 to 30 letters, digits or "_".')),
  email: z.email('Type an e-mail address such as ada@example.org.'),
  password: z.string().check(z.minLength(10, 'Use at least 10 characters.')),
});

export function SignUpPage() {
  const { return: returnPath } = route.useSearch();
  const create = useRegister(returnPath);
  const submission = useSubmissionKey();
  const { register, handleSubmit, formState, setError } = useForm({
    defaultValues: { username: '', email: '', password: '' },
    resolver: zodResolver(account),
  });
  const { errors } = formState;
  const submit = handleSubmit((body) =>
    create.mutate(
      { body, headers: submission.headersFor(body) },
      { onError: (error) => void showServerProblems(error, ['username', 'email', 'password'], setError) },
    ),
  );
  const placed = Object.values(errors).some((error) => error.type === 'server');
  return (
    <AccountFrame
      title="Join Sanctum"
      aside={
        <>
          Already here?{' '}
          <Link to="/sign-in" search={{ return: returnPath }} className="text-accent font-semibold underline underline-offset-2">
            Sign in
          </Link>
        </>
      }
    >
      <title>Sign up · Sanctum</title>
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
        <TextField
          label="Username"
          hint="Everyone sees it. Letters, digits and “_”."
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.username?.message}
          {...register('username')}
        />
        <TextField
          label="E-mail address"
          hint="Nobody sees it."
          type="email"
          autoComplete="email"
          error={errors.email?.message}
          {...register('email')}
        />
        <TextField
          label="Password"
          hint="At least 10 characters; a sentence is easier to remember than a puzzle."
          type="password"
          autoComplete="new-password"
          error={errors.password?.message}
          {...register('password')}
        />
        {create.error !== null && !placed && <ProblemNote error={create.error} />}
        <Button type="submit" busy={create.isPending}>
          Create account
        </Button>
      </form>
    </AccountFrame>
  );
}
