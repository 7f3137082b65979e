import { useMutation } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { register, signIn, signOut } from '../../api/sdk.gen.ts';
import type { RegisterData, SignInData, SignInResponse } from '../../api/types.gen.ts';
import { safeReturnPath } from '../../lib/return-path.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { changeReader } from './me.ts';

function useArrive(returnPath: string | undefined) {
  const { queryClient } = useServices();
  const router = useRouter();
  return async ({ user }: SignInResponse) => {
    await changeReader(queryClient, user);
    await router.invalidate();
    router.history.push(safeReturnPath(returnPath));
  };
}

export function useSignIn(returnPath: string | undefined) {
  const onSuccess = useArrive(returnPath);
  return useMutation({ mutationFn: (body: SignInData['body']) => signIn({ body }), onSuccess });
}

export function useRegister(returnPath: string | undefined) {
  const onSuccess = useArrive(returnPath);
  return useMutation({
    mutationFn: ({ body, headers }: { body: RegisterData['body']; headers: Record<string, string> }) => register({ body, headers }),
    onSuccess,
  });
}

export function useSignOut() {
  const { queryClient, hint, drafts, notices } = useServices();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => signOut(),
    onSuccess: async () => {
      hint.forget();
      drafts.clearAll();
      // First away from pages that only a signed-in person sees, then forget who that was.
      await navigate({ to: '/popular' });
      await changeReader(queryClient, null);
      notices.show({ tone: 'good', text: 'You are signed out.' });
    },
    onError: (error) => {
      const problem = toProblem(error);
      notices.show({ tone: 'bad', text: `You are still signed in. ${problem.message}`, detail: problem.fix });
    },
  });
}
