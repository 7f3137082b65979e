import { useMutation, useQuery } from '@tanstack/react-query';
import { revokeOtherSessions, revokeSession } from '../api/sdk.gen.ts';
import { Button } from '../components/button.tsx';
import { PageHeading } from '../components/card.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { LinesSkeleton } from '../components/skeleton.tsx';
import { Time } from '../components/time.tsx';
import { sessionsOptions } from '../features/people/people-queries.ts';
import { describeDevice } from '../lib/device.ts';
import type { Session } from '../lib/model.ts';
import { toProblem } from '../lib/problem.ts';
import { useServices } from '../lib/services.tsx';

function useRevocation<V>(mutationFn: (what: V) => Promise<unknown>, done: string) {
  const { queryClient, notices } = useServices();
  return useMutation({
    mutationFn,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: sessionsOptions.queryKey });
      notices.show({ tone: 'good', text: done });
    },
    onError: (error) => notices.show({ tone: 'bad', text: toProblem(error).message, detail: toProblem(error).fix }),
  });
}

function SessionRow({ session }: { session: Session }) {
  const revoke = useRevocation(() => revokeSession({ path: { sessionId: session.id } }), 'That device is signed out.');
  const device = describeDevice(session.userAgent);
  return (
    <li className="flex flex-wrap items-center gap-3 p-4 sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {device}
          {session.current && <span className="bg-accent-soft text-accent rounded-full px-2.5 py-0.5 text-sm">this device</span>}
        </p>
        <p className="text-muted text-sm">
          {session.address} · last seen <Time iso={session.lastSeenAt} /> · signed in <Time iso={session.createdAt} />
        </p>
      </div>
      {!session.current && (
        <Button
          look="outline"
          busy={revoke.isPending}
          aria-label={`Sign out ${device}, ${session.address}`}
          onClick={() => revoke.mutate(undefined)}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}

export function SessionsPage() {
  const query = useQuery(sessionsOptions);
  const revokeOthers = useRevocation(() => revokeOtherSessions(), 'All other devices are signed out.');
  const sessions = query.data?.items ?? [];
  return (
    <div className="max-w-[44rem]">
      <title>Sessions · Sanctum</title>
      <PageHeading
        actions={
          sessions.length > 1 && (
            <Button look="outline" busy={revokeOthers.isPending} onClick={() => revokeOthers.mutate(undefined)}>
              Sign out all others
            </Button>
          )
        }
      >
        Sessions
      </PageHeading>
      <p className="text-muted mb-4">Devices that are signed in as you. Sign out what you do not recognise, then change your password.</p>
      {query.isPending && <LinesSkeleton />}
      {query.isError && query.data === undefined && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {sessions.length > 0 && (
        <ul className="border-line bg-surface divide-line divide-y rounded-2xl border">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
    </div>
  );
}
