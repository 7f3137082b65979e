import type { Comment, Me, Post, Sanctum } from '../src/lib/model.ts';

const createdAt = '2026-01-02T03:04:05.000Z';

export const me: Me = { id: '1', username: 'ada', displayName: 'Ada', email: 'ada@example.org', bio: '', role: 'user', createdAt };

export const sanctum: Sanctum = {
  id: '5',
  name: 'pottery',
  title: 'Pottery',
  description: 'Clay.',
  visibility: 'public',
  memberCount: 3,
  createdAt,
  role: 'member',
};

export const post: Post = {
  id: '10',
  kind: 'text',
  title: 'A first bowl',
  body: 'It holds water.',
  bodyHtml: '<p>It holds water.</p>',
  url: null,
  sanctum: { name: 'pottery', title: 'Pottery' },
  author: { username: 'tomas', displayName: 'Tomas' },
  likeCount: 4,
  commentCount: 0,
  liked: false,
  createdAt,
  editedAt: null,
  canEdit: false,
  canDelete: false,
};

export function comment(id: string, parentId: string | null, change: Partial<Comment> = {}): Comment {
  return {
    id,
    parentId,
    depth: 0,
    author: { username: `user${id}`, displayName: `User ${id}` },
    body: `Text ${id}`,
    bodyHtml: `<p>Text ${id}</p>`,
    likeCount: 0,
    liked: false,
    childCount: 0,
    createdAt,
    editedAt: null,
    deleted: false,
    canEdit: false,
    canDelete: false,
    ...change,
  };
}

export const page = <T>(...items: T[]) => ({ items, nextCursor: null });
