import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../../components/card.tsx';
import { SanctumEmblem } from '../../components/emblem.tsx';
import { counted } from '../../lib/format.ts';
import { sanctumsOptions } from './sanctum-queries.ts';

const shownMax = 6;
/** As wide as the context column needs; see `WithContext`. */
const wideEnough = '(min-width: 80rem)';

/** Where most people are. Asked for only where the column is shown. */
export function LargestSanctums() {
  const query = useInfiniteQuery({ ...sanctumsOptions({ mine: false }), enabled: matchMedia(wideEnough).matches });
  const sanctums = query.data?.pages[0]?.items.slice(0, shownMax) ?? [];
  if (sanctums.length === 0) return null;
  return (
    <Card>
      <h2 className="mb-2 text-lg font-semibold">Largest sanctums</h2>
      <ul className="-mx-2 flex flex-col">
        {sanctums.map((sanctum) => (
          <li key={sanctum.id}>
            <Link to="/s/$name" params={{ name: sanctum.name }} className="hover:bg-raised flex items-center gap-3 rounded-xl p-2">
              <SanctumEmblem name={sanctum.name} />
              <span className="min-w-0">
                <span className="block truncate font-medium">{sanctum.title}</span>
                <span className="text-muted block text-sm">{counted(sanctum.memberCount, 'member')}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
