import type { Comment, CommentWindow } from '../../lib/model.ts';

type More = CommentWindow['more'][number];

export interface CommentNode {
  readonly comment: Comment;
  readonly children: readonly CommentNode[];
  /** Replies that are not loaded yet. */
  readonly more: More | null;
}

export interface CommentForest {
  readonly roots: readonly CommentNode[];
  readonly more: More | null;
}

/** Puts the flat window in tree form; the window lists parents before children and siblings in order. */
export function toForest(window: CommentWindow): CommentForest {
  interface Growing {
    comment: Comment;
    children: Growing[];
    more: More | null;
  }
  const byId = new Map<string, Growing>();
  const roots: Growing[] = [];
  for (const comment of window.items) {
    const node: Growing = { comment, children: [], more: null };
    byId.set(comment.id, node);
    const parent = comment.parentId === null ? undefined : byId.get(comment.parentId);
    if (parent === undefined) roots.push(node);
    else parent.children.push(node);
  }
  let moreRoots: More | null = null;
  for (const more of window.more) {
    const parent = more.parentId === null ? undefined : byId.get(more.parentId);
    if (parent !== undefined) parent.more = more;
    else if (more.parentId === null) moreRoots = more;
  }
  return { roots, more: moreRoots };
}

/** Adds a further window at the place its cursor came from. Comments that are known already stay where they are. */
export function mergeWindow(window: CommentWindow, used: More, next: CommentWindow): CommentWindow {
  const known = new Set(window.items.map(({ id }) => id));
  return {
    items: [...window.items, ...next.items.filter(({ id }) => !known.has(id))],
    more: [...window.more.filter((more) => more.parentId !== used.parentId), ...next.more],
  };
}

export function replaceComment(window: CommentWindow, id: string, change: (comment: Comment) => Comment): CommentWindow {
  return { ...window, items: window.items.map((comment) => (comment.id === id ? change(comment) : comment)) };
}

/** A comment of one's own appears first among its siblings, where its author is looking. */
export function insertComment(window: CommentWindow, comment: Comment): CommentWindow {
  const items = window.items.map((other) => (other.id === comment.parentId ? { ...other, childCount: other.childCount + 1 } : other));
  const parentIndex = items.findIndex(({ id }) => id === comment.parentId);
  return { ...window, items: [...items.slice(0, parentIndex + 1), comment, ...items.slice(parentIndex + 1)] };
}

/** Mirrors the server: a comment with replies stays as "deleted", one without goes. */
export function removeComment(window: CommentWindow, id: string): CommentWindow {
  const gone = window.items.find((comment) => comment.id === id);
  if (gone === undefined) return window;
  if (gone.childCount > 0) {
    const emptied = { author: null, body: '', bodyHtml: '', deleted: true, canEdit: false, canDelete: false };
    return replaceComment(window, id, (comment) => ({ ...comment, ...emptied }));
  }
  const items = window.items
    .filter((comment) => comment.id !== id)
    .map((comment) => (comment.id === gone.parentId ? { ...comment, childCount: comment.childCount - 1 } : comment));
  return { ...window, items };
}
