import { useInfiniteQuery } from '@tanstack/react-query';
import { EmptyState, PageHeading } from '../components/card.tsx';
import { LoadMore } from '../components/load-more.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { LinesSkeleton } from '../components/skeleton.tsx';
import { InvitationCard } from '../features/sanctums/invitation-card.tsx';
import { myInvitationsOptions } from '../features/sanctums/invitation-queries.ts';

export function InvitationsPage() {
  const query = useInfiniteQuery(myInvitationsOptions);
  const invitations = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="max-w-[44rem]">
      <title>Invitations · Sanctum</title>
      <PageHeading>Invitations</PageHeading>
      {query.isPending && <LinesSkeleton />}
      {query.isError && query.data === undefined && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && invitations.length === 0 && (
        <EmptyState title="No invitations">When a sanctum invites you, you accept or decline here. Nothing happens before that.</EmptyState>
      )}
      {invitations.length > 0 && (
        <>
          <ul className="flex flex-col gap-3">
            {invitations.map((invitation) => (
              <InvitationCard key={invitation.sanctum.name} invitation={invitation} />
            ))}
          </ul>
          <LoadMore query={query} label="Load more invitations" end="These are all invitations." />
        </>
      )}
    </div>
  );
}
