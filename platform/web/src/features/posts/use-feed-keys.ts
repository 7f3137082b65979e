import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import { isKeyTaken } from '../../shell/use-shortcuts.ts';

const articles = (feed: HTMLElement) => [...feed.querySelectorAll<HTMLElement>(':scope > article')];

/** The article to focus: the next or previous one, or the first that is in view when none has the focus. */
export function targetArticle(feed: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const all = articles(feed);
  const current = all.findIndex((article) => article.contains(document.activeElement));
  if (current >= 0) return all[Math.min(Math.max(current + step, 0), all.length - 1)];
  return all.find((article) => article.getBoundingClientRect().bottom > 0) ?? all[0];
}

/** j and k walk through the feed from anywhere on the page; l and Enter act on the post that has the focus. */
export function useFeedKeys() {
  const feed = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (isKeyTaken(event) || feed.current === null || (event.key !== 'j' && event.key !== 'k')) return;
      const target = targetArticle(feed.current, event.key === 'j' ? 1 : -1);
      if (target === undefined) return;
      event.preventDefault();
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: 'nearest' });
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isKeyTaken(event.nativeEvent)) return;
    const article = (event.target as Element).closest('article');
    const press = (action: string) => article?.querySelector<HTMLElement>(`[data-action="${action}"]`)?.click();
    if (event.key === 'l') press('like');
    else if (event.key === 'Enter' && event.target === article) press('open');
  };
  return { feed, onKeyDown };
}
