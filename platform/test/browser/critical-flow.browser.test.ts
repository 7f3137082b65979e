import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, browserProgram, inPage, openStage } from './stage.ts';

const program = browserProgram();

describe.skipIf(program === undefined)('a person in a browser', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(program ?? '');
  });
  afterAll(() => stage?.close());

  test.for([
    { device: 'desktop', viewport: { width: 1280, height: 900 } },
    { device: 'phone', viewport: { width: 390, height: 844 } },
  ])('signs up, creates a sanctum, posts, comments, likes, signs out and in again on a $device', async ({ viewport }) => {
    const { page, complaints, close } = await stage.visit({ viewport });
    const suffix = randomBytes(3).toString('hex');
    const username = `ada_${suffix}`;
    const password = `a quiet place ${suffix}`;

    await page.goto('/');
    await page.getByRole('main').getByRole('link', { name: 'Sign up' }).first().click();
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('E-mail address').fill(`${username}@example.org`);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Your home is still empty' }).waitFor();

    await page.goto('/sanctums/new');
    await page.getByLabel('Name').fill(`pots_${suffix}`);
    await page.getByLabel('Title').fill(`Pots ${suffix}`);
    await page.getByRole('button', { name: 'Create sanctum' }).click();
    await page.getByRole('heading', { name: `Pots ${suffix}`, level: 1 }).waitFor();
    expect(await page.getByText('owner', { exact: true }).isVisible()).toBe(true);

    await page.getByRole('link', { name: 'Write a post' }).last().click();
    await page.getByLabel('Title').fill('The first bowl');
    await page.getByLabel('Text', { exact: true }).last().fill('It **holds** water.');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByRole('heading', { name: 'The first bowl', level: 1 }).waitFor();
    expect(await page.locator('.prose strong').textContent()).toBe('holds');

    await page.getByLabel('Add a comment').fill('And tea.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    const comment = page.getByRole('treeitem').filter({ hasText: 'And tea.' });
    await comment.waitFor();
    await comment.getByRole('button', { name: /^Reply to/ }).click();
    await page
      .getByLabel(/^Reply to/)
      .last()
      .fill('Even coffee.');
    await page.getByRole('button', { name: 'Reply', exact: true }).last().click();
    await page.locator('[role="treeitem"][aria-level="2"]').filter({ hasText: 'Even coffee.' }).waitFor();

    const like = page.getByRole('button', { name: /^Like “The first bowl”/ });
    await like.click();
    await page.getByRole('button', { name: 'Like “The first bowl”, 1 like', pressed: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Like “The first bowl”, 1 like', pressed: true }).waitFor();

    await page.goto(`/u/${username}`);
    await page.getByRole('button', { name: 'Sign out' }).filter({ visible: true }).first().click();
    await page.getByText('You are signed out.').waitFor();
    expect(await inPage(page, 'Object.keys(localStorage)')).toEqual([]);

    await page.goto('/sessions');
    await page.getByLabel('Username or e-mail address').fill(username);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('this device').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('a session revoked elsewhere leads to signing in, and what was being written is still there', async () => {
    const person = await stage.testApp.signUp();
    await stage.call(person, 'POST', '/api/sanctums', { name: 'kilns', title: 'Kilns' });
    const { page, context, close } = await stage.visit();
    await stage.signIn(page, person);
    await page.goto('/s/kilns/write');
    await page.getByLabel('Title').fill('Firing log');
    const { items } = (await (await context.request.get('/api/sessions')).json()) as { items: { id: string; current: boolean }[] };
    const current = items.find((session) => session.current);
    expect(current).toBeDefined();
    const revoked = await fetch(`${stage.url}/api/sessions/${current?.id}`, { method: 'DELETE', headers: person.headers });
    expect(revoked.status).toBe(204);

    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await page.getByLabel('Username or e-mail address').fill(person.user.username);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Write in Kilns' }).waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('Firing log');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByRole('heading', { name: 'Firing log', level: 1 }).waitFor();
    await close();
  });

  test('the keyboard alone reaches the content, a post and its comments', async () => {
    const person = await stage.testApp.signUp();
    await stage.call(person, 'POST', '/api/sanctums', { name: 'tides', title: 'Tides' });
    const post = await stage.call(person, 'POST', '/api/sanctums/tides/posts', { kind: 'text', title: 'High water', body: 'At noon.' });
    await stage.call(person, 'POST', `/api/posts/${String(post['id'])}/comments`, { body: 'And low at six.' });
    const { page, close } = await stage.visit();
    await stage.signIn(page, person);
    await page.goto('/s/tides');
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await inPage(page, 'document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('j');
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Like “High water”, 1 like', pressed: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'High water', level: 1 }).waitFor();
    const comment = page.getByRole('treeitem').first();
    await comment.focus();
    await page.keyboard.press('r');
    await page.keyboard.type('Thank you.');
    await page.keyboard.press('Control+Enter');
    await page.locator('[role="treeitem"][aria-level="2"]').filter({ hasText: 'Thank you.' }).waitFor();
    await close();
  });
});
