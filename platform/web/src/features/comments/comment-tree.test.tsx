import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeApi, json, problem } from '../../../test/fake-api.ts';
import { renderApp } from '../../../test/render-app.tsx';
import { comment, post } from '../../../test/samples.ts';

const thread = {
  items: [
    comment('1', null, { childCount: 3 }),
    comment('2', '1', { depth: 1, childCount: 1 }),
    comment('3', '2', { depth: 2 }),
    comment('4', null),
  ],
  more: [{ parentId: '1', cursor: 'next', remaining: 2 }],
};

async function openThread() {
  const api = createFakeApi();
  api.on('GET /api/posts/10', () => json({ ...post, commentCount: 6 }));
  api.on('GET /api/posts/10/comments', ({ url }) =>
    json(
      new URL(url).searchParams.get('cursor') === 'next'
        ? { items: [comment('5', '1', { depth: 1 }), comment('6', '1', { depth: 1 })], more: [] }
        : thread,
    ),
  );
  const app = renderApp({ api, path: '/posts/10', signedIn: true });
  const tree = await screen.findByRole('tree', { name: 'Comments' });
  const focusedId = () => document.activeElement?.getAttribute('data-comment');
  return { api, ...app, tree, focusedId };
}

const shown = (tree: HTMLElement) =>
  within(tree)
    .getAllByRole('treeitem')
    .map((item) => item.getAttribute('data-comment'));

test('each comment says how deep it stands and how many siblings it has', async () => {
  const { tree } = await openThread();
  const items = within(tree).getAllByRole('treeitem');
  expect(items.map((item) => item.getAttribute('aria-level'))).toEqual(['1', '2', '3', '1']);
  expect(items[1]?.getAttribute('aria-setsize')).toBe('3');
});

test('arrows walk, fold and unfold', async () => {
  const { tree, user, focusedId } = await openThread();
  within(tree).getAllByRole('treeitem')[0]?.focus();
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(focusedId()).toBe('3');
  await user.keyboard('{ArrowLeft}');
  expect(focusedId()).toBe('2');
  await user.keyboard('{ArrowLeft}');
  expect(shown(tree)).toEqual(['1', '2', '4']);
  await user.keyboard('{ArrowDown}');
  expect(focusedId()).toBe('4');
  await user.keyboard('{Home}{ArrowLeft}');
  expect(shown(tree)).toEqual(['1', '4']);
  await user.keyboard('{ArrowRight}{ArrowRight}');
  expect(focusedId()).toBe('2');
});

test('the tree is one stop of the Tab key, at the comment visited last', async () => {
  const { tree, user } = await openThread();
  within(tree).getAllByRole('treeitem')[0]?.focus();
  await user.keyboard('{ArrowDown}');
  const stops = within(tree)
    .getAllByRole('treeitem')
    .filter((item) => item.tabIndex === 0);
  expect(stops.map((item) => item.getAttribute('data-comment'))).toEqual(['2']);
});

test('more replies are added below their parent', async () => {
  const { tree, user } = await openThread();
  await user.click(screen.getByRole('button', { name: 'Show 2 more replies to User 1' }));
  await waitFor(() => expect(shown(tree)).toEqual(['1', '2', '3', '5', '6', '4']));
  expect(screen.queryByRole('button', { name: /more replies to User 1/ })).toBeNull();
});

test('a reply that fails keeps its words and is sent again under the same key', async () => {
  const { api, user, tree } = await openThread();
  api.on('POST /api/posts/10/comments', () => problem(503, 'server.busy'));
  await user.click(screen.getByRole('button', { name: 'Reply to User 4' }));
  const field = screen.getByRole('textbox', { name: 'Reply to User 4' });
  await user.type(field, 'I agree.');
  await user.click(screen.getByRole('button', { name: 'Reply' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Fix of server.busy.');
  expect(alert.textContent).toContain('request-1');
  expect((field as HTMLTextAreaElement).value).toBe('I agree.');

  api.on('POST /api/posts/10/comments', () => json(comment('9', '4', { body: 'I agree.', depth: 1 }), 201));
  await user.click(screen.getByRole('button', { name: 'Reply' }));
  await waitFor(() => expect(shown(tree)).toContain('9'));
  const keys = api.calls
    .filter(({ route }) => route === 'POST /api/posts/10/comments')
    .map(({ headers }) => headers.get('idempotency-key'));
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});

test('what is typed comes back after the page was left', async () => {
  const { user } = await openThread();
  await user.type(screen.getByRole('textbox', { name: 'Add a comment' }), 'Half a thought');
  expect(Object.keys(localStorage).some((key) => key.startsWith('sanctum.draft:ada:'))).toBe(true);
  document.body.replaceChildren();
  const api = createFakeApi();
  api.on('GET /api/posts/10', () => json(post));
  api.on('GET /api/posts/10/comments', () => json({ items: [], more: [] }));
  renderApp({ api, path: '/posts/10', signedIn: true });
  expect(((await screen.findByRole('textbox', { name: 'Add a comment' })) as HTMLTextAreaElement).value).toBe('Half a thought');
});
