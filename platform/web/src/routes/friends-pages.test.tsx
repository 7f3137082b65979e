import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeApi, json } from '../../test/fake-api.ts';
import { renderApp } from '../../test/render-app.tsx';
import { page } from '../../test/samples.ts';

const at = '2026-01-02T03:04:05.000Z';
const tomas = { username: 'tomas', displayName: 'Tomas' };
const counted = <T,>(...items: T[]) => ({ ...page(...items), count: items.length });

function friendsApi(requests: object[]) {
  const api = createFakeApi();
  let waiting = requests;
  const friends: object[] = [];
  api.on('GET /api/me/friend-requests/received', () => json(counted(...waiting)));
  api.on('GET /api/me/friend-requests/sent', () => json(counted()));
  api.on('GET /api/me/friends', () => json(counted(...friends)));
  api.on('PUT /api/me/friend-requests/received/tomas', () => {
    waiting = [];
    friends.push({ ...tomas, bio: 'Clay.', since: at });
    return json({ ...tomas, state: 'friends', since: at });
  });
  return api;
}

test('a request is counted in the navigation, accepted by the button, and the friend is listed', async () => {
  const api = friendsApi([{ ...tomas, createdAt: at, mutualCount: 2 }]);
  const { user } = renderApp({ api, path: '/friends', signedIn: true });
  await screen.findByRole('heading', { name: 'They ask you 1' });
  expect(await screen.findByRole('link', { name: /Friends 1 waiting/ })).toBeDefined();
  expect(screen.getByText(/2 friends of both of you/)).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Accept the request of @tomas' }));
  await screen.findByText('You and @tomas are friends now.');
  await screen.findByRole('heading', { name: 'Your friends 1' });
  expect(screen.queryByRole('heading', { name: /They ask you/ })).toBeNull();
});

test('who has no friends is told how to find some', async () => {
  renderApp({ api: friendsApi([]), path: '/friends', signedIn: true });
  await screen.findByRole('heading', { name: 'No friends yet' });
  expect(screen.getByRole('link', { name: 'Find people' })).toBeDefined();
});

test('a block is asked about first, and nothing is sent before', async () => {
  const api = friendsApi([]);
  api.on('GET /api/users/tomas', () => json({ ...tomas, id: '7', bio: '', createdAt: at }));
  api.on('GET /api/users/tomas/posts', () => json(page()));
  api.on('GET /api/users/tomas/friendship', () => json({ ...tomas, state: 'none', since: null }));
  api.on('GET /api/users/tomas/mutual-friends', () => json(counted()));
  api.on('PUT /api/me/blocks/tomas', () => json({ ...tomas, createdAt: at }));
  const blocked = () => api.calls.filter(({ route }) => route === 'PUT /api/me/blocks/tomas').length;
  const { user } = renderApp({ api, path: '/u/tomas', signedIn: true });
  await user.click(await screen.findByRole('button', { name: 'Block' }));
  await user.click(await screen.findByRole('button', { name: 'Keep it' }));
  expect(blocked()).toBe(0);
  await user.click(screen.getByRole('button', { name: 'Block' }));
  const dialog = await screen.findByRole('alertdialog');
  await user.click([...dialog.querySelectorAll('button')].find((button) => button.textContent === 'Block') ?? expect.fail('no button'));
  await screen.findByText('@tomas is blocked.');
  expect(blocked()).toBe(1);
});
