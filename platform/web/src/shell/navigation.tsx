import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  FriendsIcon,
  HomeIcon,
  InvitationIcon,
  PersonIcon,
  PopularIcon,
  SanctumsIcon,
  SearchIcon,
  WriteIcon,
} from '../components/icons.tsx';
import { SanctumEmblem } from '../components/emblem.tsx';
import { receivedOptions } from '../features/friends/friend-queries.ts';
import { myInvitationsOptions } from '../features/sanctums/invitation-queries.ts';
import { sanctumsOptions } from '../features/sanctums/sanctum-queries.ts';
import { meKey } from '../features/auth/me.ts';
import type { Me } from '../lib/model.ts';
import { useServices } from '../lib/services.tsx';

const sanctumsInSidebarMax = 12;

const item =
  'flex items-center gap-3 rounded-xl px-3 py-2 font-medium text-muted transition-colors hover:bg-raised hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent';

export function SideNavigation({ me }: { me: Me | null }) {
  return (
    <nav aria-label="Main" className="flex flex-col gap-1">
      <Link to="/" activeOptions={{ exact: true, includeSearch: false }} className={item}>
        <HomeIcon /> Home
      </Link>
      <Link to="/popular" activeOptions={{ includeSearch: false }} className={item}>
        <PopularIcon /> Popular
      </Link>
      <Link to="/sanctums" activeOptions={{ exact: true, includeSearch: false }} className={item}>
        <SanctumsIcon /> Sanctums
      </Link>
      <Link to="/search" activeOptions={{ includeSearch: false }} className={item}>
        <SearchIcon /> Search
      </Link>
      {me !== null && (
        <>
          <Link to="/write" className={item}>
            <WriteIcon /> Write a post
          </Link>
          <FriendsLink />
          <InvitationsLink />
        </>
      )}
    </nav>
  );
}

function FriendsLink() {
  const { queryClient } = useServices();
  const enabled = () => (queryClient.getQueryData(meKey) ?? null) !== null;
  const waiting = useInfiniteQuery({ ...receivedOptions, enabled }).data?.pages[0]?.count ?? 0;
  return (
    <Link to="/friends" className={item}>
      <FriendsIcon /> Friends
      {waiting > 0 && (
        <span className="bg-accent text-on-accent ml-auto rounded-full px-2 text-sm font-semibold">
          {waiting}
          <span className="sr-only"> waiting</span>
        </span>
      )}
    </Link>
  );
}

function InvitationsLink() {
  const { queryClient } = useServices();
  const enabled = () => (queryClient.getQueryData(meKey) ?? null) !== null;
  const query = useInfiniteQuery({ ...myInvitationsOptions, enabled });
  const waiting = query.data?.pages.flatMap((page) => page.items).length ?? 0;
  return (
    <Link to="/invitations" className={item}>
      <InvitationIcon /> Invitations
      {waiting > 0 && (
        <span className="bg-accent text-on-accent ml-auto rounded-full px-2 text-sm font-semibold">
          {waiting}
          {query.hasNextPage && '+'}
          <span className="sr-only"> waiting</span>
        </span>
      )}
    </Link>
  );
}

/** The reader's own sanctums, so that the ones they care about are one step away. */
export function MySanctums() {
  const { queryClient } = useServices();
  // Asked at the moment of a refetch: on signing out this list is still on the screen when everything is read anew.
  const enabled = () => (queryClient.getQueryData(meKey) ?? null) !== null;
  const query = useInfiniteQuery({ ...sanctumsOptions({ mine: true }), enabled });
  const sanctums = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (sanctums.length === 0) return null;
  return (
    <nav aria-label="Your sanctums" className="flex flex-col gap-0.5">
      <h2 className="text-muted px-3 pb-1 text-sm font-semibold">Your sanctums</h2>
      {sanctums.slice(0, sanctumsInSidebarMax).map((sanctum) => (
        <Link
          key={sanctum.id}
          to="/s/$name"
          params={{ name: sanctum.name }}
          activeOptions={{ includeSearch: false }}
          className={`${item} py-1.5`}
        >
          <SanctumEmblem name={sanctum.name} />
          <span className="truncate">{sanctum.title}</span>
        </Link>
      ))}
      {(sanctums.length > sanctumsInSidebarMax || query.hasNextPage) && (
        <Link to="/sanctums" search={{ mine: true }} className={`${item} text-sm`}>
          All of yours
        </Link>
      )}
    </nav>
  );
}

const tab =
  'flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-xs font-medium text-muted data-[status=active]:text-accent';

export function BottomNavigation({ me }: { me: Me | null }) {
  return (
    <nav
      aria-label="Main"
      className="border-line bg-surface fixed inset-x-0 bottom-0 z-30 flex border-t pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <Link to="/" activeOptions={{ exact: true, includeSearch: false }} className={tab}>
        <HomeIcon /> Home
      </Link>
      <Link to="/popular" activeOptions={{ includeSearch: false }} className={tab}>
        <PopularIcon /> Popular
      </Link>
      <Link to="/write" className={tab}>
        <WriteIcon /> Write
      </Link>
      <Link to="/sanctums" activeOptions={{ includeSearch: false }} className={tab}>
        <SanctumsIcon /> Sanctums
      </Link>
      {me === null ? (
        <Link to="/sign-in" activeOptions={{ includeSearch: false }} className={tab}>
          <PersonIcon /> Sign in
        </Link>
      ) : (
        <Link to="/u/$username" params={{ username: me.username }} activeOptions={{ includeSearch: false }} className={tab}>
          <PersonIcon /> You
        </Link>
      )}
    </nav>
  );
}
