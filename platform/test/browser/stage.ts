/** The platform with the built web app on a real port, content to look at, and a real browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../harness/browser.ts';
import { requireTool } from '../harness/tools.ts';
import { type SignedUpUser, type TestApp, createTestApp } from '../harness/test-app.ts';

const builtPage = join(import.meta.dirname, '../../web/dist/index.html');

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors of scripts, refusals of the Content-Security-Policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface Stage {
  readonly url: string;
  readonly testApp: TestApp;
  /** One API call as this person; throws when it is refused. */
  call(person: SignedUpUser, method: 'POST' | 'PUT', path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** A new browser profile. */
  visit(options?: BrowserContextOptions): Promise<Visit>;
  /** Signs in over the page's own form. */
  signIn(page: Page, person: SignedUpUser): Promise<void>;
  close(): Promise<void>;
}

/** The browser to test with; undefined where a person may go without one. In CI that is an error. */
export const browserProgram = (): string | undefined => requireTool('chromium');

export async function openStage(executablePath: string): Promise<Stage> {
  if (!existsSync(builtPage)) throw new Error('the web app is not built: run "make build"');
  const testApp = await createTestApp();
  const url = await testApp.listen();
  const browser = await launchBrowser(executablePath);

  return {
    url,
    testApp,
    async call(person, method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: { ...person.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    },
    visit: (options) => visit(browser, url, options),
    async signIn(page, person) {
      await page.goto('/sign-in');
      await page.getByLabel('Username or e-mail address').fill(person.user.username);
      await page.getByLabel('Password').fill(person.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
    },
    async close() {
      await browser.close();
      await testApp.close();
    },
  };
}

async function visit(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ baseURL, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, context, complaints, close: () => context.close() };
}

/** The value of an expression in the page. Text, because the server's programs are not typed for a browser. */
export function inPage<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate<T>(expression);
}
