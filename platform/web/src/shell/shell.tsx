import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Suspense, lazy, useCallback, useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../components/icons.tsx';
import { LogoMark, Wordmark } from '../components/logo.tsx';
import { NoticeStack } from '../components/notice-stack.tsx';
import { useMe } from '../features/auth/me.ts';
import { AccountBox } from './account-box.tsx';
import { BottomNavigation, MySanctums, SideNavigation } from './navigation.tsx';
import { SearchBox } from './search-box.tsx';
import { ThemeChoice, ThemeToggle } from './theme-choice.tsx';
import { useShortcuts } from './use-shortcuts.ts';

const HelpDialog = lazy(async () => ({ default: (await import('./help-dialog.tsx')).HelpDialog }));

/** On a new page the focus starts at its content, as it would after a full load. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const seen = useRef(pathname);
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== pathname) main.current?.focus({ preventScroll: true });
    seen.current = pathname;
  }, [pathname]);
  return main;
}

function Brand() {
  return (
    <Link to="/" className="flex w-fit items-center gap-2.5" aria-label="Sanctum, home">
      <LogoMark />
      <Wordmark />
    </Link>
  );
}

export function Shell() {
  const me = useMe();
  const navigate = useNavigate();
  const main = useFocusOnNavigation();
  const [help, setHelp] = useState<'never' | 'open' | 'closed'>('never');
  const openSearch = useCallback(() => void navigate({ to: '/search' }), [navigate]);
  const openHelp = useCallback(() => setHelp('open'), []);
  useShortcuts({ openSearch, openHelp });

  return (
    <div className="mx-auto flex min-h-dvh max-w-[80rem] lg:gap-8 lg:px-6">
      <a
        href="#main"
        className="bg-accent text-on-accent sr-only z-50 rounded-full px-4 py-2 font-semibold focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 hidden h-dvh w-60 shrink-0 flex-col gap-6 overflow-y-auto py-6 lg:flex">
        <Brand />
        <SideNavigation me={me} />
        {me !== null && <MySanctums />}
        <div className="mt-auto flex flex-col gap-4">
          <ThemeChoice />
          <AccountBox me={me} />
        </div>
      </header>

      <div className="flex min-w-0 flex-1 flex-col">
        <header className="border-line bg-surface/95 sticky top-0 z-30 flex items-center justify-between gap-3 border-b py-1.5 pr-2 pl-4 lg:hidden">
          <Brand />
          <div className="flex">
            <Link to="/search" aria-label="Search" className="text-muted hover:bg-raised hover:text-ink rounded-full p-2.5">
              <SearchIcon />
            </Link>
            <ThemeToggle />
          </div>
        </header>
        <main ref={main} id="main" tabIndex={-1} className="min-w-0 flex-1 px-3 pt-4 pb-8 sm:px-6 lg:px-0 lg:py-6">
          <Outlet />
        </main>
        <footer className="text-muted mb-16 flex flex-wrap items-center gap-x-5 gap-y-2 px-4 py-6 text-sm lg:mb-0 lg:px-0">
          <span>Sanctum: places for the things people care about.</span>
          <button type="button" className="hover:text-ink underline underline-offset-2" onClick={openHelp}>
            Keyboard shortcuts
          </button>
          <a href="/api/docs" className="hover:text-ink underline underline-offset-2">
            API
          </a>
        </footer>
      </div>
      <BottomNavigation me={me} />
      <NoticeStack />
      {help !== 'never' && (
        <Suspense>
          <HelpDialog open={help === 'open'} onOpenChange={(open) => setHelp(open ? 'open' : 'closed')} />
        </Suspense>
      )}
    </div>
  );
}

/** A page with a column of context beside it on wide screens. On a phone the context comes first or not at all. */
export function WithContext({ children, context }: { children: React.ReactNode; context: React.ReactNode }) {
  return (
    <div className="flex gap-8">
      <div className="min-w-0 max-w-[44rem] flex-1">{children}</div>
      <aside aria-label="About this page" className="hidden w-72 shrink-0 xl:block">
        <div className="sticky top-6 flex flex-col gap-4">
          <SearchBox />
          {context}
        </div>
      </aside>
    </div>
  );
}
