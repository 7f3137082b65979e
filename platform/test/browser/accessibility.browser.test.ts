import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SignedUpUser } from '../harness/test-app.ts';
import { type Stage, browserProgram, inPage, openStage } from './stage.ts';

const program = browserProgram();
const themes = ['light', 'dark'] as const;
const widths = [
  { width: 320, height: 640 },
  { width: 1280, height: 900 },
];
const screens = themes.flatMap((colorScheme) =>
  widths.map((viewport) => ({ colorScheme, viewport, name: `${colorScheme}, ${viewport.width} px` })),
);
const timeoutMs = 180_000;

/** In one page: the other mode opens a second one for each look, which only pages with frames need. */
const analyze = (page: Page) =>
  new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();

describe.skipIf(program === undefined)('every page', () => {
  let stage: Stage;
  let ada: SignedUpUser;
  let postId: string;

  beforeAll(async () => {
    stage = await openStage(program ?? '');
    ada = await stage.testApp.signUp('ada');
    const tomas = await stage.testApp.signUp('tomas');
    const path = '/api/sanctums/pottery';
    await stage.call(ada, 'POST', '/api/sanctums', { name: 'pottery', title: 'Pottery', description: 'Clay and glazes.' });
    await stage.call(ada, 'POST', '/api/sanctums', { name: 'kiln_club', title: 'Kiln Club', visibility: 'private' });
    await stage.call(tomas, 'PUT', `${path}/membership`);
    const mallory = await stage.testApp.signUp('mallory');
    const ines = await stage.testApp.signUp('ines');
    await stage.call(ines, 'PUT', '/api/me/friend-requests/sent/ada');
    await stage.call(ada, 'PUT', '/api/me/friend-requests/sent/mallory');
    for (const [one, other] of [
      [ada, tomas],
      [tomas, ines],
    ] as const) {
      await stage.call(one, 'PUT', `/api/me/friend-requests/sent/${other.user.username}`);
      await stage.call(other, 'PUT', `/api/me/friend-requests/received/${one.user.username}`);
    }
    await stage.testApp.signUp('trudy');
    await stage.call(ada, 'PUT', '/api/me/blocks/trudy');
    await stage.call(mallory, 'PUT', '/api/me/blocks/trudy');
    await stage.call(ada, 'PUT', `${path}/bans/mallory`);
    await stage.call(ada, 'PUT', '/api/sanctums/kiln_club/invitations/tomas', { role: 'moderator' });
    await stage.call(tomas, 'POST', '/api/sanctums', { name: 'raku_nights', title: 'Raku Nights', visibility: 'private' });
    await stage.call(tomas, 'PUT', '/api/sanctums/raku_nights/invitations/ada', { role: 'member' });
    await stage.call(tomas, 'POST', `${path}/posts`, {
      kind: 'link',
      title: 'A glaze calculator',
      url: 'https://example.org/glaze',
      body: '',
    });
    const post = await stage.call(ada, 'POST', `${path}/posts`, {
      kind: 'text',
      title: 'Why does it craze?',
      body: '# Heading\n\n- **one**\n- [two](https://example.org)\n\n> quoted\n\n`code`',
    });
    postId = String(post['id']);
    const root = await stage.call(tomas, 'POST', `/api/posts/${postId}/comments`, { body: 'Thickness.' });
    const reply = await stage.call(ada, 'POST', `/api/posts/${postId}/comments`, { body: 'Sure?', parentId: root['id'] });
    await stage.call(tomas, 'POST', `/api/posts/${postId}/comments`, { body: 'Quite.', parentId: reply['id'] });
    await stage.call(ada, 'PUT', `/api/posts/${postId}/like`);
  });
  afterAll(() => stage?.close());

  const anonymousPaths = () => [
    '/',
    '/popular',
    '/sanctums',
    '/s/pottery',
    '/s/kiln_club',
    `/posts/${postId}`,
    '/sign-in',
    '/sign-up',
    '/no/such/page',
  ];
  const ownPaths = () => [
    '/',
    '/popular?sort=new',
    '/sanctums?mine=true',
    '/sanctums/new',
    '/s/pottery',
    '/s/pottery/members',
    '/s/kiln_club/members',
    '/s/pottery/settings',
    '/s/pottery/write',
    '/write',
    `/posts/${postId}?sort=new`,
    '/posts/999999999',
    '/u/ada',
    '/u/tomas',
    '/settings',
    '/sessions',
    '/invitations',
    '/friends',
    '/u/ines',
    '/s/raku_nights',
    '/search',
    '/search?q=craze',
    '/search?q=pot&kind=sanctums',
    '/search?q=tom&kind=people',
  ];

  test.for(screens)(
    'has no accessibility violation and does not scroll sideways: $name',
    { timeout: timeoutMs },
    async ({ colorScheme, viewport }) => {
      const { page, close } = await stage.visit({ colorScheme, viewport, reducedMotion: 'reduce' });
      const found: string[] = [];
      let looked = 0;
      const look = async (who: string, path: string) => {
        await page.goto(path);
        await page.getByRole('main').getByRole('heading').first().waitFor();
        await page.locator('main output').first().waitFor({ state: 'detached' });
        const { violations, passes } = await analyze(page);
        expect(passes.length).toBeGreaterThan(10);
        looked += 1;
        for (const { id, nodes } of violations)
          found.push(`${who} ${path}: ${id} at ${nodes.map((node) => `${String(node.target)} (${node.failureSummary})`).join('; ')}`);
        const overflow = await inPage<number>(page, 'document.documentElement.scrollWidth - document.documentElement.clientWidth');
        if (overflow > 0) found.push(`${who} ${path}: ${overflow} px wider than the screen`);
        if ((await page.title()) === '') found.push(`${who} ${path}: no title`);
      };
      for (const path of anonymousPaths()) await look('anonymous', path);
      await stage.signIn(page, ada);
      for (const path of ownPaths()) await look('signed in', path);
      expect(looked).toBe(anonymousPaths().length + ownPaths().length);
      expect(found).toEqual([]);
      await close();
    },
  );

  test('dialogs are free of violations too', async () => {
    const { page, complaints, close } = await stage.visit({ reducedMotion: 'reduce' });
    await stage.signIn(page, ada);
    await page.goto(`/posts/${postId}`);
    await page.getByRole('article').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').waitFor();
    expect((await analyze(page)).violations.map(({ id }) => id)).toEqual([]);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect((await analyze(page)).violations.map(({ id }) => id)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a page with a planted violation is found out', async () => {
    const { page, close } = await stage.visit();
    await page.goto('/sign-in');
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await inPage(page, `document.querySelector('main label').remove()`);
    const { violations } = await analyze(page);
    expect(violations.map(({ id }) => id)).toContain('label');
    await close();
  });
});
