import { useInfiniteQuery } from '@tanstack/react-query';
import { PersonName } from '../../components/person-name.tsx';
import { mutualOptions } from './friend-queries.ts';

const namedMax = 3;

/** Friends whom both have: a few by name, the others by number. */
export function MutualFriends({ username }: { username: string }) {
  const [page] = useInfiniteQuery(mutualOptions(username)).data?.pages ?? [];
  if (page === undefined || page.count === 0) return null;
  const named = page.items.slice(0, namedMax);
  const others = page.count - named.length;
  return (
    <p className="mt-3 text-sm">
      <span className="text-muted">{page.count === 1 ? 'A friend of both of you: ' : `${page.count} friends of both of you: `}</span>
      {named.map((friend, index) => (
        <span key={friend.username}>
          {index > 0 && ', '}
          <PersonName person={friend} />
        </span>
      ))}
      {others > 0 && <span className="text-muted"> and {others} more</span>}
    </p>
  );
}
