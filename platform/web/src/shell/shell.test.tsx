import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeApi, json, problem } from '../../test/fake-api.ts';
import { renderApp } from '../../test/render-app.tsx';
import { page, post } from '../../test/samples.ts';
import { themeKey } from '../../test/storage-keys.ts';

function open(path = '/popular') {
  const api = createFakeApi();
  api.on('GET /api/feeds/popular', () => json(page(post)));
  return { api, ...renderApp({ api, path, signedIn: false }) };
}

test('choosing dark colours changes the page and is kept', async () => {
  const { user } = open();
  const toggle = await screen.findByRole('button', { name: 'Dark colours' });
  expect(document.documentElement.dataset['theme']).toBe('light');
  await user.click(toggle);
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(toggle.getAttribute('aria-pressed')).toBe('true');
  expect(localStorage.getItem(themeKey)).toBe('dark');
  await user.click(screen.getByRole('radio', { name: 'Auto' }));
  expect(document.documentElement.dataset['theme']).toBe('light');
  expect(localStorage.getItem(themeKey)).toBeNull();
});

test('the question mark opens the keyboard help and Escape closes it', async () => {
  const { user } = open();
  await screen.findByRole('heading', { name: 'Popular' });
  await user.keyboard('?');
  await screen.findByRole('dialog', { name: 'Keyboard' });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('keys typed into a field are letters, not commands', async () => {
  const { user } = open('/sign-in');
  await user.type(await screen.findByLabelText('Username or e-mail address'), 'j?/');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect((screen.getByLabelText('Username or e-mail address') as HTMLInputElement).value).toBe('j?/');
});

test('an anonymous visit asks for the feed and nothing about a session', async () => {
  const { api } = open();
  await screen.findByText('A first bowl');
  expect(api.calls.map(({ route }) => route)).not.toContain('GET /api/me');
  expect(api.calls.map(({ route }) => route)).not.toContain('POST /api/auth/refresh');
});

test('a feed that cannot be read says why and can be tried again', async () => {
  const { api, user } = open();
  api.on('GET /api/feeds/popular', () => problem(404, 'post.not_found'));
  await user.click(await screen.findByRole('link', { name: 'New' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Title of post.not_found.');
  api.on('GET /api/feeds/popular', () => json(page(post)));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('A first bowl');
});

test('an unknown address says so and leads home', async () => {
  open('/no/such/page');
  await screen.findByRole('heading', { name: 'There is no such page' });
  expect(screen.getByRole('link', { name: 'Go home' }).getAttribute('href')).toBe('/');
});

test.for(['/popular', '/popular?sort=new', '/u/tomas', '/u/tomas?sort=top'])(
  'one sort is current at %s, and it is the one that is read',
  async (path) => {
    const api = createFakeApi();
    const answer = () => json(page(post));
    api.on('GET /api/feeds/popular', answer);
    api.on('GET /api/users/tomas/posts', answer);
    api.on('GET /api/users/tomas', () => json({ id: '2', username: 'tomas', displayName: 'Tomas', bio: '', createdAt: post.createdAt }));
    renderApp({ api, path, signedIn: false });
    await screen.findByText('A first bowl');
    const tabs = within(screen.getByRole('navigation', { name: 'Sort posts' }));
    const current = tabs.getAllByRole('link', { current: 'page' }).map((link) => link.textContent?.toLowerCase());
    const read = api.calls
      .filter(({ route }) => route.includes('feeds') || route.endsWith('/posts'))
      .map(({ url }) => url.searchParams.get('sort'));
    expect(current).toEqual([...new Set(read)]);
  },
);
