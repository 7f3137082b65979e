import { useEffect } from 'react';
import { searchBoxSelector } from './search-box.tsx';

const typing = 'input, textarea, select, [contenteditable]';

/** True while a key belongs to a field, a dialog or the browser. */
export function isKeyTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const isTyping = target !== null && target.closest(typing) !== null;
  return isTyping || document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}

interface Shortcuts {
  readonly openSearch: () => void;
  readonly openHelp: () => void;
}

/** Keys that work on every page: `/` and `?`. */
export function useShortcuts({ openSearch, openHelp }: Shortcuts): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isKeyTaken(event)) return;
      if (event.key === '/') {
        event.preventDefault();
        const visible = [...document.querySelectorAll<HTMLInputElement>(searchBoxSelector)].find((box) => box.checkVisibility());
        if (visible === undefined) openSearch();
        else visible.focus();
      } else if (event.key === '?') {
        event.preventDefault();
        openHelp();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [openSearch, openHelp]);
}
