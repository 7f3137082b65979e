import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../components/button.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { LinesSkeleton } from '../../components/skeleton.tsx';
import { dayOf } from '../../lib/format.ts';
import { useUnblock } from './friend-actions.ts';
import { blocksOptions } from './friend-queries.ts';

function BlockedRow({ person }: { person: { username: string; displayName: string; createdAt: string } }) {
  const unblock = useUnblock(person.username);
  return (
    <li className="flex flex-wrap items-center gap-3 py-2">
      <p className="min-w-0 flex-1 basis-48">
        <bdi className="font-semibold break-words">{person.displayName}</bdi>{' '}
        <span className="text-muted text-sm break-all">@{person.username}</span>
        <span className="text-muted text-sm"> · since {dayOf(person.createdAt)}</span>
      </p>
      <Button look="outline" busy={unblock.isPending} aria-label={`Unblock @${person.username}`} onClick={() => unblock.mutate()}>
        Unblock
      </Button>
    </li>
  );
}

export function BlockedPeople() {
  const query = useInfiniteQuery(blocksOptions);
  const blocked = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isError && query.data === undefined) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <LinesSkeleton />;
  if (blocked.length === 0)
    return <p className="text-muted">You block nobody. The page of a person has a button for it; they are not told.</p>;
  return (
    <>
      <ul aria-label="People you block" className="divide-line divide-y">
        {blocked.map((person) => (
          <BlockedRow key={person.username} person={person} />
        ))}
      </ul>
      {query.hasNextPage && <LoadMore query={query} label="Load more" end="" />}
    </>
  );
}
