import { Link } from '@tanstack/react-router';
import { TabLinks, exactly, tabLinkClass } from '../../components/tab-links.tsx';
import { type FeedSort, feedSorts } from '../../lib/model.ts';

const names = { hot: 'Hot', new: 'New', top: 'Top' } as const;

/** `fallback` is the sort of an address that names none. The sort stands in the address, so that it can be shared and survives a reload. */
export function SortTabs({ fallback = 'hot' }: { fallback?: FeedSort }) {
  return (
    <TabLinks label="Sort posts">
      {feedSorts.map((option) => (
        <Link
          key={option}
          to="."
          search={(previous) => ({ ...previous, sort: option === fallback ? undefined : option })}
          activeOptions={exactly}
          className={tabLinkClass}
          resetScroll={false}
        >
          {names[option]}
        </Link>
      ))}
    </TabLinks>
  );
}
