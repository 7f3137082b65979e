import { type KeyboardEvent, useCallback, useRef, useState } from 'react';
import { isKeyTaken } from '../../shell/use-shortcuts.ts';

const itemSelector = '[role="treeitem"]';

interface TreeKeys {
  readonly collapsed: ReadonlySet<string>;
  readonly setCollapsed: (id: string, fold: boolean) => void;
}

const idOf = (item: Element) => item.getAttribute('data-comment') ?? '';
const press = (item: Element, action: string) =>
  item.querySelector<HTMLElement>(`:scope > [data-actions] [data-action="${action}"]`)?.click();

/**
 * The keyboard of a tree view (WAI-ARIA Authoring Practices, "Tree View"): one tab stop, arrows to walk, fold
 * and unfold. Keys reach it only while a comment itself has the focus, not a control inside one.
 */
export function useTreeKeys({ collapsed, setCollapsed }: TreeKeys) {
  const tree = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string | null>(null);

  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const item = event.target as HTMLElement;
      if (!item.matches(itemSelector) || isKeyTaken(event.nativeEvent)) return;
      const visible = [...(tree.current?.querySelectorAll<HTMLElement>(itemSelector) ?? [])];
      const index = visible.indexOf(item);
      const parent = item.parentElement?.closest<HTMLElement>(itemSelector);
      const hasReplies = item.hasAttribute('aria-expanded');
      const folded = collapsed.has(idOf(item));
      const go = (target: HTMLElement | null | undefined) => target?.focus();
      const moves: Readonly<Record<string, () => void>> = {
        ArrowDown: () => go(visible[index + 1]),
        ArrowUp: () => go(visible[index - 1]),
        Home: () => go(visible[0]),
        End: () => go(visible.at(-1)),
        ArrowRight: () => (hasReplies && folded ? setCollapsed(idOf(item), false) : go(item.querySelector<HTMLElement>(itemSelector))),
        ArrowLeft: () => (hasReplies && !folded ? setCollapsed(idOf(item), true) : go(parent)),
        l: () => press(item, 'like'),
        r: () => press(item, 'reply'),
      };
      const move = moves[event.key];
      if (move === undefined) return;
      event.preventDefault();
      move();
    },
    [collapsed, setCollapsed],
  );
  return { tree, activeId, setActiveId, onKeyDown };
}
