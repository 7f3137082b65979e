import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { buttonClass } from '../components/button.tsx';
import { EmptyState, PageHeading } from '../components/card.tsx';
import { LoadMore } from '../components/load-more.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { FeedSkeleton } from '../components/skeleton.tsx';
import { TabLinks, exactly, tabLinkClass } from '../components/tab-links.tsx';
import { useMe } from '../features/auth/me.ts';
import { sanctumsOptions } from '../features/sanctums/sanctum-queries.ts';
import { SanctumRow } from '../features/sanctums/sanctum-row.tsx';

const route = getRouteApi('/sanctums');

export function SanctumsPage() {
  const me = useMe();
  const search = route.useSearch();
  const mine = me !== null && search.mine === true;
  const create = (
    <Link to="/sanctums/new" className={buttonClass('solid')}>
      Create a sanctum
    </Link>
  );
  return (
    <div className="max-w-[44rem]">
      <title>Sanctums · Sanctum</title>
      <PageHeading actions={create}>Sanctums</PageHeading>
      {me !== null && (
        <TabLinks label="Which sanctums">
          <Link to="/sanctums" search={{}} activeOptions={exactly} className={tabLinkClass}>
            All
          </Link>
          <Link to="/sanctums" search={{ mine: true }} activeOptions={exactly} className={tabLinkClass}>
            Yours
          </Link>
        </TabLinks>
      )}
      <SanctumList mine={mine} />
    </div>
  );
}

function SanctumList({ mine }: { mine: boolean }) {
  const query = useInfiniteQuery(sanctumsOptions({ mine }));
  if (query.isPending) return <FeedSkeleton count={4} />;
  if (query.isError && query.data === undefined) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  const sanctums = query.data.pages.flatMap((page) => page.items);
  if (sanctums.length === 0) {
    return (
      <EmptyState
        title={mine ? 'You are not a member anywhere yet' : 'There is no sanctum yet'}
        action={
          <Link to={mine ? '/sanctums' : '/sanctums/new'} className={buttonClass('solid')}>
            {mine ? 'See all sanctums' : 'Create the first one'}
          </Link>
        }
      >
        A sanctum is a place for one interest, with its own people and its own tone.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="flex flex-col gap-3">
        {sanctums.map((sanctum) => (
          <SanctumRow key={sanctum.id} sanctum={sanctum} />
        ))}
      </ul>
      <LoadMore query={query} label="Load more sanctums" end="These are all of them." />
    </>
  );
}
