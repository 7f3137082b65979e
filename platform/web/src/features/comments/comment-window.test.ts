import { expect, test } from 'vitest';
import { comment } from '../../../test/samples.ts';
import { insertComment, mergeWindow, removeComment, toForest } from './comment-window.ts';

const window = {
  items: [comment('1', null, { childCount: 2 }), comment('2', '1'), comment('3', null)],
  more: [
    { parentId: '1', cursor: 'c1', remaining: 1 },
    { parentId: null, cursor: 'c0', remaining: 7 },
  ],
};

test('a flat window becomes a forest with its open ends', () => {
  const forest = toForest(window);
  expect(forest.roots.map(({ comment: { id } }) => id)).toEqual(['1', '3']);
  expect(forest.roots[0]?.children.map(({ comment: { id } }) => id)).toEqual(['2']);
  expect(forest.roots[0]?.more?.remaining).toBe(1);
  expect(forest.more?.cursor).toBe('c0');
});

test('merging a further window repeats nothing and closes only the end it came from', () => {
  const merged = mergeWindow(
    window,
    { parentId: '1', cursor: 'c1', remaining: 1 },
    { items: [comment('2', '1'), comment('4', '1')], more: [] },
  );
  expect(merged.items.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  expect(merged.more).toEqual([{ parentId: null, cursor: 'c0', remaining: 7 }]);
});

test('a new reply stands first below its parent and is counted', () => {
  const grown = insertComment(window, comment('9', '1'));
  expect(toForest(grown).roots[0]?.children.map(({ comment: { id } }) => id)).toEqual(['9', '2']);
  expect(grown.items[0]?.childCount).toBe(3);
});

test('a new comment on the post stands first', () => {
  expect(insertComment(window, comment('9', null)).items[0]?.id).toBe('9');
});

test('a deleted comment with replies stays as an empty place, one without goes', () => {
  const emptied = removeComment(window, '1');
  expect(emptied.items[0]).toMatchObject({ id: '1', deleted: true, author: null, body: '' });
  expect(removeComment(window, '2').items.map(({ id, childCount }) => [id, childCount])).toEqual([
    ['1', 1],
    ['3', 0],
  ]);
});
