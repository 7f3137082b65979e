import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, browserProgram, inPage, openStage } from './stage.ts';

const program = browserProgram();
const scriptGzipBytesMax = 150 * 1024;
/** A shift of 0.1 is what web.dev calls good; ours has no reason to shift at all. */
const layoutShiftMax = 0.02;

describe.skipIf(program === undefined)('the first page', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(program ?? '');
    const person = await stage.testApp.signUp();
    await stage.call(person, 'POST', '/api/sanctums', { name: 'pottery', title: 'Pottery' });
    for (let index = 0; index < 12; index += 1)
      await stage.call(person, 'POST', '/api/sanctums/pottery/posts', {
        kind: 'text',
        title: `Note ${index}`,
        body: 'Some words to read.',
      });
  });
  afterAll(() => stage?.close());

  test('loads within its budget of scripts, asks the API once on a phone, and loads nothing from elsewhere', async () => {
    const { page, complaints, close } = await stage.visit({ viewport: { width: 390, height: 844 } });
    const scripts: Promise<number>[] = [];
    const encodings = new Set<string | undefined>();
    const apiCalls: string[] = [];
    const elsewhere: string[] = [];
    page.on('response', (response) => {
      const url = new URL(response.url());
      if (url.origin !== stage.url) elsewhere.push(url.href);
      if (url.pathname.startsWith('/assets/')) encodings.add(response.headers()['content-encoding']);
      if (url.pathname.endsWith('.js')) scripts.push(response.body().then((body) => gzipSync(body).byteLength));
      if (url.pathname.startsWith('/api/')) apiCalls.push(url.pathname);
    });
    await page.goto('/');
    await page.getByRole('article').first().waitFor();
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(scripts);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(sizes.length).toBeGreaterThan(2);
    expect(total).toBeGreaterThan(50 * 1024);
    expect(total).toBeLessThanOrEqual(scriptGzipBytesMax);
    // The copies that the build made; the smallest files have none.
    expect(encodings).toContain('br');
    expect(apiCalls).toEqual(['/api/feeds/popular']);
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test.for([
    { width: 390, height: 844 },
    { width: 1280, height: 900 },
  ])('does not jump while it loads at $width px', async (viewport) => {
    const { page, close } = await stage.visit({ viewport });
    await page.addInitScript(`
      globalThis.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    `);
    await page.goto('/');
    await page.getByRole('article').first().waitFor();
    await page.waitForLoadState('networkidle');
    const shift = await inPage<number>(page, 'shift');
    expect(shift).toBeLessThanOrEqual(layoutShiftMax);
    await close();
  });

  test('an inline script is refused by the policy the page is served with', async () => {
    const { page, complaints, close } = await stage.visit();
    await page.goto('/');
    await inPage(
      page,
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.planted = true' }))`,
    );
    expect(await inPage(page, `'planted' in globalThis`)).toBe(false);
    expect(complaints.join(' ')).toContain('Content Security Policy');
    await close();
  });

  test('the chosen theme is there before the first paint, also after a reload', async () => {
    const { page, close } = await stage.visit({ colorScheme: 'light' });
    await page.goto('/');
    await page.getByText('Dark', { exact: true }).first().click();
    await page.reload({ waitUntil: 'commit' });
    await page.locator('html[data-theme]').waitFor({ state: 'attached' });
    expect(await inPage(page, 'document.documentElement.dataset.theme')).toBe('dark');
    await close();
  });
});
