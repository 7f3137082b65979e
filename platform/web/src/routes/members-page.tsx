import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { PageHeading } from '../components/card.tsx';
import { LoadMore } from '../components/load-more.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { LinesSkeleton } from '../components/skeleton.tsx';
import { InvitePerson } from '../features/sanctums/invite-person.tsx';
import { MemberRow } from '../features/sanctums/member-row.tsx';
import { membersOptions, sanctumOptions } from '../features/sanctums/sanctum-queries.ts';
import { WaitingPeople } from '../features/sanctums/waiting-people.tsx';

const route = getRouteApi('/s/$name/members');

export function MembersPage() {
  const { name } = route.useParams();
  const sanctum = useQuery(sanctumOptions(name));
  const query = useInfiniteQuery(membersOptions(name));
  const role = sanctum.data?.role ?? null;
  const moderates = role === 'owner' || role === 'moderator';
  return (
    <div className="max-w-[44rem]">
      <title>{`Members of ${sanctum.data?.title ?? name} · Sanctum`}</title>
      <PageHeading>
        Members of{' '}
        <Link to="/s/$name" params={{ name }} className="text-accent underline underline-offset-4">
          {sanctum.data?.title ?? name}
        </Link>
      </PageHeading>
      {moderates && <InvitePerson sanctumName={name} />}
      {query.isPending && <LinesSkeleton lines={8} />}
      {query.isError && query.data === undefined && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && (
        <>
          <ul className="border-line bg-surface divide-line divide-y rounded-2xl border">
            {query.data.pages
              .flatMap((page) => page.items)
              .map((member) => (
                <MemberRow key={member.username} sanctumName={name} member={member} readerRole={role} />
              ))}
          </ul>
          <LoadMore query={query} label="Load more members" end="These are all members." />
        </>
      )}
      {moderates && <WaitingPeople sanctumName={name} />}
    </div>
  );
}
