import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeApi, json, problem } from '../../../test/fake-api.ts';
import { renderApp } from '../../../test/render-app.tsx';
import { page, post } from '../../../test/samples.ts';

function openFeed(signedIn = true) {
  const api = createFakeApi();
  api.on('GET /api/feeds/popular', () => json(page(post)));
  return { api, ...renderApp({ api, path: '/popular', signedIn }) };
}

const likeButton = () => screen.findByRole('button', { name: /^Like “A first bowl”/ });

test('a like is shown before the server has answered', async () => {
  const { api, user } = openFeed();
  const answer = Promise.withResolvers<Response>();
  api.on('PUT /api/posts/10/like', () => answer.promise);
  const button = await likeButton();
  expect(button.getAttribute('aria-pressed')).toBe('false');
  await user.click(button);
  expect(button.getAttribute('aria-pressed')).toBe('true');
  expect(button.textContent).toBe('5');
  answer.resolve(json({ liked: true, likeCount: 9 }));
  await waitFor(() => expect(button.textContent).toBe('9'));
});

test('a like that the server refuses is taken back and explained', async () => {
  const { api, user } = openFeed();
  const answer = Promise.withResolvers<Response>();
  api.on('PUT /api/posts/10/like', () => answer.promise);
  const button = await likeButton();
  await user.click(button);
  expect(button.textContent).toBe('5');
  answer.resolve(problem(403, 'sanctum.private'));
  await waitFor(() => expect(button.getAttribute('aria-pressed')).toBe('false'));
  expect(button.textContent).toBe('4');
  expect((await screen.findByRole('log', { name: 'Messages' })).textContent).toContain('Title of sanctum.private.');
});

test('two quick presses are sent in order and end where they began', async () => {
  const { api, user } = openFeed();
  const first = Promise.withResolvers<Response>();
  api.on('PUT /api/posts/10/like', () => first.promise);
  api.on('DELETE /api/posts/10/like', () => json({ liked: false, likeCount: 4 }));
  const button = await likeButton();
  await user.click(button);
  await user.click(button);
  expect(button.getAttribute('aria-pressed')).toBe('false');
  expect(api.calls.map(({ route }) => route)).not.toContain('DELETE /api/posts/10/like');
  first.resolve(json({ liked: true, likeCount: 5 }));
  await waitFor(() => expect(api.calls.map(({ route }) => route)).toContain('DELETE /api/posts/10/like'));
  await waitFor(() => expect(button.textContent).toBe('4'));
  expect(button.getAttribute('aria-pressed')).toBe('false');
});

test('an anonymous reader who likes is asked to sign in and brought back', async () => {
  const { user, router } = openFeed(false);
  await user.click(await likeButton());
  await screen.findByRole('heading', { name: 'Welcome back' });
  expect(router.state.location.search).toEqual({ return: '/popular' });
});

test('j and k walk through the feed and l likes the post that has the focus', async () => {
  const api = createFakeApi();
  api.on('GET /api/feeds/popular', () => json(page(post, { ...post, id: '11', title: 'A second bowl' })));
  api.on('PUT /api/posts/11/like', () => json({ liked: true, likeCount: 5 }));
  const { user } = renderApp({ api, path: '/popular', signedIn: true });
  await likeButton();
  const focused = () => document.activeElement?.querySelector('h2')?.textContent;
  await user.keyboard('j');
  expect(focused()).toBe('A first bowl');
  await user.keyboard('j');
  expect(focused()).toBe('A second bowl');
  await user.keyboard('l');
  await waitFor(() => expect(api.calls.map(({ route }) => route)).toContain('PUT /api/posts/11/like'));
  await user.keyboard('k');
  expect(focused()).toBe('A first bowl');
});
