import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createFakeApi, json, problem } from '../../test/fake-api.ts';
import { renderApp } from '../../test/render-app.tsx';
import { page, post, sanctum } from '../../test/samples.ts';

const createdAt = '2026-01-02T03:04:05.000Z';
const tomas = { username: 'tomas', displayName: 'Tomas' };
const offered = {
  sanctum: { name: 'kiln_club', title: 'Kiln Club', visibility: 'private', memberCount: 4 },
  role: 'member',
  invitedBy: tomas,
  createdAt,
};
const nothing = () => new Response(null, { status: 204 });

function membersPage(role: 'owner' | 'moderator' | 'member') {
  const api = createFakeApi();
  api.on('GET /api/sanctums/pottery', () => json({ ...sanctum, role }));
  api.on('GET /api/sanctums/pottery/members', () => json(page({ ...tomas, role: 'member', createdAt })));
  api.on('GET /api/sanctums/pottery/invitations', () =>
    json(page({ username: 'ines', displayName: 'Inês', role: 'member', invitedBy: tomas, createdAt })),
  );
  api.on('GET /api/sanctums/pottery/bans', () => json(page({ username: 'mallory', displayName: 'Mallory', createdAt })));
  return { api, ...renderApp({ api, path: '/s/pottery/members', signedIn: true }) };
}

test('an invitation says who offers what, and is accepted only by the button', async () => {
  const api = createFakeApi();
  let waiting = [offered];
  api.on('GET /api/me/invitations', () => json(page(...waiting)));
  api.on('PUT /api/me/invitations/kiln_club', () => {
    waiting = [];
    return json({ ...sanctum, name: 'kiln_club', title: 'Kiln Club', role: 'member' });
  });
  const { user } = renderApp({ api, path: '/invitations', signedIn: true });
  const row = (await screen.findByRole('heading', { name: 'Kiln Club' })).closest('li') ?? expect.fail('the invitation has no row');
  expect(row.textContent).toContain('Tomas @tomas offers you a place as a member.');
  expect(screen.getByRole('link', { name: /Invitations 1 waiting/ })).toBeDefined();
  expect(api.calls.map(({ route }) => route)).not.toContain('PUT /api/me/invitations/kiln_club');
  await user.click(screen.getByRole('button', { name: 'Accept the invitation to Kiln Club' }));
  await screen.findByText('You are in Kiln Club now.');
  await screen.findByRole('heading', { name: 'No invitations' });
});

test('an invitation is declined with the keyboard alone', async () => {
  const api = createFakeApi();
  let waiting = [offered];
  api.on('GET /api/me/invitations', () => json(page(...waiting)));
  api.on('DELETE /api/me/invitations/kiln_club', () => {
    waiting = [];
    return nothing();
  });
  const { user } = renderApp({ api, path: '/invitations', signedIn: true });
  const button = await screen.findByRole('button', { name: 'Decline the invitation to Kiln Club' });
  for (let presses = 0; presses < 60 && document.activeElement !== button; presses += 1) await user.tab();
  expect(document.activeElement).toBe(button);
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'No invitations' });
});

test('an invitation that is no longer valid says so and is gone', async () => {
  const api = createFakeApi();
  let waiting = [offered];
  api.on('GET /api/me/invitations', () => json(page(...waiting)));
  api.on('PUT /api/me/invitations/kiln_club', () => {
    waiting = [];
    return problem(404, 'invitation.not_found');
  });
  const { user } = renderApp({ api, path: '/invitations', signedIn: true });
  await user.click(await screen.findByRole('button', { name: 'Accept the invitation to Kiln Club' }));
  await screen.findByText('Title of invitation.not_found.');
  await screen.findByRole('heading', { name: 'No invitations' });
});

test('owner and moderators invite, see who waits and who is banned, and lift a ban', async () => {
  const { api, user } = membersPage('moderator');
  api.on('PUT /api/sanctums/pottery/invitations/noor', () =>
    json({ username: 'noor', displayName: 'Noor', role: 'member', invitedBy: tomas, createdAt }),
  );
  api.on('DELETE /api/sanctums/pottery/bans/mallory', nothing);
  api.on('DELETE /api/sanctums/pottery/invitations/ines', nothing);
  await user.type(await screen.findByLabelText('Invite someone by username'), 'noor');
  await user.click(screen.getByRole('button', { name: 'Invite' }));
  await screen.findByText('@noor is invited.');
  expect(api.calls.find(({ route }) => route.endsWith('invitations/noor'))?.body).toEqual({ role: 'member' });
  const banned = (await screen.findByRole('heading', { name: 'Banned' })).parentElement ?? expect.fail('no section');
  expect(within(banned).getByText('@mallory')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Lift ban: @mallory' }));
  await screen.findByText('@mallory may come back.');
  await user.click(screen.getByRole('button', { name: 'Withdraw: @ines' }));
  await screen.findByText('The invitation of @ines is withdrawn.');
});

test('plain members see none of that, and nothing of it is asked for', async () => {
  const { api } = membersPage('member');
  await screen.findByText('@tomas');
  expect(screen.queryByLabelText('Invite someone by username')).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Banned' })).toBeNull();
  expect(api.calls.filter(({ route }) => /pottery\/(bans|invitations)/.test(route))).toEqual([]);
});

test('the ownership is offered, not given, and removing says that it bans', async () => {
  const { api, user } = membersPage('owner');
  api.on('PUT /api/sanctums/pottery/invitations/tomas', () =>
    json({ ...tomas, role: 'owner', invitedBy: { username: 'ada', displayName: 'Ada' }, createdAt }),
  );
  await user.click(await screen.findByRole('button', { name: 'Offer ownership' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Offer this sanctum to @tomas?' });
  await user.click(within(dialog).getByRole('button', { name: 'Offer it' }));
  await waitFor(() =>
    expect(api.calls.find(({ route }) => route === 'PUT /api/sanctums/pottery/invitations/tomas')?.body).toEqual({ role: 'owner' }),
  );
  await user.click(await screen.findByRole('button', { name: 'Remove' }));
  expect((await screen.findByRole('alertdialog', { name: 'Remove @tomas?' })).textContent).toContain('until the ban is lifted');
});

test('a display name never stands without the name that is its owner alone', async () => {
  const api = createFakeApi();
  const author = { username: 'mallory', displayName: 'The Keeper' };
  api.on('GET /api/feeds/popular', () => json(page({ ...post, author })));
  renderApp({ api, path: '/popular', signedIn: false });
  const link = await screen.findByRole('link', { name: 'The Keeper @mallory' });
  expect(link.querySelector('bdi')?.textContent).toBe('The Keeper');
});

test('a moderator changes the title and leaves the visibility alone', async () => {
  const api = createFakeApi();
  api.on('GET /api/sanctums/pottery', () => json({ ...sanctum, role: 'moderator' }));
  api.on('PATCH /api/sanctums/pottery', () => json({ ...sanctum, role: 'moderator' }));
  const { user } = renderApp({ api, path: '/s/pottery/settings', signedIn: true });
  await user.click(await screen.findByRole('button', { name: 'Save' }));
  expect(screen.getByLabelText(/Private/).closest('fieldset')?.disabled).toBe(true);
  await waitFor(() =>
    expect(api.calls.find(({ route }) => route === 'PATCH /api/sanctums/pottery')?.body).toEqual({
      title: sanctum.title,
      description: sanctum.description,
    }),
  );
});
