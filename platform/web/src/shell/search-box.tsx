import { useNavigate } from '@tanstack/react-router';
import type { SubmitEvent } from 'react';
import { SearchIcon } from '../components/icons.tsx';
import { inBackground } from '../lib/in-background.ts';

/** The `/` key brings the focus here; see `use-shortcuts.ts`. */
export const searchBoxSelector = 'input[type="search"]';
const queryCharsMax = 100;

export function SearchBox({ initial = '', label = 'Search Sanctum' }: { initial?: string; label?: string }) {
  const navigate = useNavigate();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('q');
    const q = typeof typed === 'string' ? typed.trim() : '';
    inBackground(navigate({ to: '/search', search: (previous) => ({ ...previous, q }) }));
  };
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- every browser knows the role; the search element is too young
    <form role="search" onSubmit={submit} className="relative">
      <span className="text-muted pointer-events-none absolute inset-y-0 left-3 flex items-center">
        <SearchIcon />
      </span>
      <input
        key={initial}
        type="search"
        name="q"
        defaultValue={initial}
        maxLength={queryCharsMax}
        aria-label={label}
        placeholder="Search"
        enterKeyHint="search"
        className="border-edge bg-surface placeholder:text-muted h-11 w-full rounded-full border pr-4 pl-10"
      />
    </form>
  );
}
