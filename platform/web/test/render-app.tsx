import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App, createApp } from '../src/app.tsx';
import { type FakeApi, json, rememberSession } from './fake-api.ts';
import { me, page } from './samples.ts';

interface Options {
  readonly api: FakeApi;
  readonly path: string;
  readonly signedIn: boolean;
}

/** The whole app at one address, with a fake platform behind it. */
export function renderApp({ api, path, signedIn }: Options) {
  if (signedIn) {
    rememberSession();
    api.on('GET /api/me', () => json(me));
  }
  api.on('GET /api/sanctums', () => json(page()));
  const app = createApp({
    window: globalThis.window as Window & typeof globalThis,
    fetch: api.fetch,
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  render(<App {...app} />);
  return { ...app, user: userEvent.setup() };
}
