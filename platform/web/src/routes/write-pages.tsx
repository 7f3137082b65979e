import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { buttonClass } from '../components/button.tsx';
import { Card, EmptyState, PageHeading } from '../components/card.tsx';
import { SanctumEmblem } from '../components/emblem.tsx';
import { LoadMore } from '../components/load-more.tsx';
import { PageProblem } from '../components/page-problem.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { LinesSkeleton } from '../components/skeleton.tsx';
import { PostForm } from '../features/posts/post-form.tsx';
import { MembershipButton } from '../features/sanctums/membership-button.tsx';
import { sanctumOptions, sanctumsOptions } from '../features/sanctums/sanctum-queries.ts';

const route = getRouteApi('/s/$name/write');

export function WritePage() {
  const { name } = route.useParams();
  const query = useQuery(sanctumOptions(name));
  if (query.isError) return <PageProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <LinesSkeleton />;
  const sanctum = query.data;
  return (
    <div className="max-w-[44rem]">
      <title>{`Write in ${sanctum.title} · Sanctum`}</title>
      <PageHeading>Write in {sanctum.title}</PageHeading>
      {sanctum.role === null ? (
        <EmptyState title="Only members write here" action={<MembershipButton sanctum={sanctum} />}>
          Join {sanctum.title} first; reading stays open to you either way.
        </EmptyState>
      ) : (
        <Card>
          <PostForm sanctumName={name} />
        </Card>
      )}
    </div>
  );
}

/** Writing begins with choosing where. */
export function ChooseSanctumPage() {
  const query = useInfiniteQuery(sanctumsOptions({ mine: true }));
  const sanctums = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="max-w-[44rem]">
      <title>Write a post · Sanctum</title>
      <PageHeading>Where do you want to write?</PageHeading>
      {query.isPending && <LinesSkeleton />}
      {query.isError && query.data === undefined && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && sanctums.length === 0 && (
        <EmptyState
          title="Join a sanctum first"
          action={
            <Link to="/sanctums" className={buttonClass('solid')}>
              Find sanctums
            </Link>
          }
        >
          Posts live in sanctums, and their members write them.
        </EmptyState>
      )}
      {sanctums.length > 0 && (
        <>
          <ul className="grid gap-2 sm:grid-cols-2">
            {sanctums.map((sanctum) => (
              <li key={sanctum.id}>
                <Link
                  to="/s/$name/write"
                  params={{ name: sanctum.name }}
                  className="border-line bg-surface hover:border-edge flex items-center gap-3 rounded-2xl border p-4"
                >
                  <SanctumEmblem name={sanctum.name} size="medium" />
                  <span className="min-w-0">
                    <span className="block truncate font-semibold">{sanctum.title}</span>
                    <span className="text-muted text-sm">s/{sanctum.name}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          <LoadMore query={query} label="Load more sanctums" end="" />
        </>
      )}
    </div>
  );
}
