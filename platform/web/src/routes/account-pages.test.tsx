import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeApi, json, problem } from '../../test/fake-api.ts';
import { renderApp } from '../../test/render-app.tsx';
import { me, page, sanctum } from '../../test/samples.ts';

const signedIn = () => json({ user: me, accessTokenExpiresAt: new Date(Date.now() + 900_000).toISOString() }, 201);

async function fillSignUp(user: ReturnType<typeof renderApp>['user']) {
  await user.type(await screen.findByLabelText('Username'), 'ada');
  await user.type(screen.getByLabelText('E-mail address'), 'ada@example.org');
  await user.type(screen.getByLabelText('Password'), 'a quiet place');
  await user.click(screen.getByRole('button', { name: 'Create account' }));
}

test('a name that is taken is said at the name, tied to its field', async () => {
  const api = createFakeApi();
  api.on('POST /api/auth/register', () => problem(409, 'user.username_taken'));
  const { user } = renderApp({ api, path: '/sign-up', signedIn: false });
  await fillSignUp(user);
  const message = await screen.findByText(/Title of user.username_taken/);
  const field = screen.getByLabelText('Username');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(field.getAttribute('aria-describedby')).toContain(message.id);
  expect(document.activeElement).toBe(field);
});

test('problems of several fields are each shown at theirs', async () => {
  const api = createFakeApi();
  const problems = [
    { path: '/username', message: 'is reserved' },
    { path: 'body.email', message: 'is not deliverable' },
  ];
  api.on('POST /api/auth/register', () => problem(400, 'request.invalid', { problems }));
  const { user } = renderApp({ api, path: '/sign-up', signedIn: false });
  await fillSignUp(user);
  await screen.findByText('is reserved');
  await screen.findByText('is not deliverable');
  expect(screen.queryByText('Title of request.invalid.')).toBeNull();
});

test('a problem of no field is shown whole, with its fix and request id', async () => {
  const api = createFakeApi();
  api.on('POST /api/auth/sign-in', () => problem(401, 'auth.credentials_wrong'));
  const { user } = renderApp({ api, path: '/sign-in', signedIn: false });
  await user.type(await screen.findByLabelText('Username or e-mail address'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'wrong');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Title of auth.credentials_wrong.');
  expect(alert.textContent).toContain('Fix of auth.credentials_wrong.');
  expect(alert.textContent).toContain('request-1');
});

test('weak input is refused before anything is sent', async () => {
  const api = createFakeApi();
  const { user } = renderApp({ api, path: '/sign-up', signedIn: false });
  await user.click(await screen.findByRole('button', { name: 'Create account' }));
  await screen.findByText('Use at least 10 characters.');
  expect(api.calls.filter(({ route }) => route.includes('register'))).toEqual([]);
});

test('signing in leads back to where it was asked for, and no credential reaches the storage', async () => {
  const api = createFakeApi();
  api.on('POST /api/auth/sign-in', signedIn);
  api.on('GET /api/sessions', () => json({ items: [] }));
  const { user, router } = renderApp({ api, path: '/sessions', signedIn: false });
  await user.type(await screen.findByLabelText('Username or e-mail address'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'a quiet place');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await screen.findByRole('heading', { name: 'Sessions' });
  expect(router.state.location.pathname).toBe('/sessions');
  expect(Object.keys(localStorage)).toEqual(['sanctum.session']);
  expect(localStorage.getItem('sanctum.session')).toMatch(/^\d+$/);
});

test('a session that ended while writing leads to signing in, and the words wait there', async () => {
  const api = createFakeApi();
  api.on('GET /api/sanctums/pottery', () => json(sanctum));
  api.on('POST /api/sanctums/pottery/posts', () => problem(401, 'auth.token_invalid'));
  api.on('POST /api/auth/refresh', () => problem(401, 'auth.refresh_invalid'));
  const { user, router } = renderApp({ api, path: '/s/pottery/write', signedIn: true });
  await user.type(await screen.findByLabelText('Title'), 'Kiln log');
  await user.click(screen.getByRole('button', { name: 'Post' }));
  await screen.findByRole('heading', { name: 'Welcome back' });
  expect(router.state.location.search).toEqual({ return: '/s/pottery/write' });

  api.on('POST /api/auth/sign-in', signedIn);
  await user.type(screen.getByLabelText('Username or e-mail address'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'a quiet place');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(((await screen.findByLabelText('Title')) as HTMLInputElement).value).toBe('Kiln log');
});

test('signing out forgets the session and what was written', async () => {
  const api = createFakeApi();
  api.on('GET /api/feeds/popular', () => json(page()));
  api.on('POST /api/auth/sign-out', () => new Response(null, { status: 204 }));
  const { user } = renderApp({ api, path: '/popular', signedIn: true });
  localStorage.setItem('sanctum.draft:ada:post:pottery', 'secret plans');
  await user.click(await screen.findByRole('button', { name: 'Sign out' }));
  await waitFor(() => expect(screen.getAllByRole('link', { name: 'Sign in' }).length).toBeGreaterThan(0));
  expect(Object.keys(localStorage)).toEqual([]);
  const afterwards = api.calls.slice(api.calls.findIndex(({ route }) => route === 'POST /api/auth/sign-out') + 1);
  expect(afterwards.map(({ route }) => route)).not.toContain('GET /api/sanctums');
});
