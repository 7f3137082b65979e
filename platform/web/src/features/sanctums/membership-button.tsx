import { useMutation } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { joinSanctum, leaveSanctum } from '../../api/sdk.gen.ts';
import { Button, buttonClass } from '../../components/button.tsx';
import type { Sanctum } from '../../lib/model.ts';
import { toProblem } from '../../lib/problem.ts';
import { useServices } from '../../lib/services.tsx';
import { useMe } from '../auth/me.ts';
import { applySanctum } from './sanctum-queries.ts';

/** Join or leave. The owner can do neither, and is told so by the role badge instead. */
export function MembershipButton({ sanctum }: { sanctum: Sanctum }) {
  const { queryClient, notices } = useServices();
  const me = useMe();
  const href = useRouterState({ select: (router) => router.location.href });
  const joined = sanctum.role !== null;
  const change = useMutation({
    mutationFn: () => (joined ? leaveSanctum : joinSanctum)({ path: { name: sanctum.name } }),
    onSuccess: (changed) => applySanctum(queryClient, changed),
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
  if (sanctum.role === 'owner') return null;
  if (me === null) {
    return (
      <Link to="/sign-in" search={{ return: href }} className={buttonClass('solid')} aria-label={`Join ${sanctum.title}`}>
        Join
      </Link>
    );
  }
  // A private sanctum is entered by accepting an invitation, which its page says.
  if (!joined && sanctum.visibility === 'private') return null;
  return (
    <Button
      look={joined ? 'outline' : 'solid'}
      busy={change.isPending}
      aria-label={`${joined ? 'Leave' : 'Join'} ${sanctum.title}`}
      onClick={() => change.mutate()}
    >
      {joined ? 'Leave' : 'Join'}
    </Button>
  );
}
