import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type RouterHistory, RouterProvider } from '@tanstack/react-router';
import { client } from './api/client.gen.ts';
import { changeReader, meKey } from './features/auth/me.ts';
import { createDrafts } from './lib/drafts.ts';
import { createExclusive } from './lib/exclusive.ts';
import { createKeyValueStore } from './lib/key-value-store.ts';
import { createNotices } from './lib/notices.ts';
import { isTransient, toProblem } from './lib/problem.ts';
import { type Services, ServicesProvider } from './lib/services.tsx';
import { createSessionHint, isSessionHintKey } from './lib/session-hint.ts';
import { createTheme } from './lib/theme.ts';
import { createTransport } from './lib/transport.ts';
import { type AppRouter, createAppRouter } from './router.tsx';
import { inBackground } from './lib/in-background.ts';

const readRetriesMax = 2;
const stillAtWorkRetriesMax = 10;
const retryDelayMaxMs = 10_000;
const freshForMs = 30_000;

/** A mistake of the page itself is shown in few words; its cause belongs where a developer looks. */
function reportOwnMistake(error: unknown): void {
  if (toProblem(error).code === 'client.internal') console.error(error);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: reportOwnMistake }),
    mutationCache: new MutationCache({ onError: reportOwnMistake }),
    defaultOptions: {
      queries: {
        staleTime: freshForMs,
        retry: (failures, error) => failures < readRetriesMax && isTransient(error),
        retryDelay: (failures, error) => Math.min((toProblem(error).retryAfterSeconds ?? 2 ** failures) * 1000, retryDelayMaxMs),
      },
      mutations: {
        // A first attempt whose answer was lost is still being carried out: asked again with its key, it gives that answer.
        retry: (failures, error) => failures < stillAtWorkRetriesMax && toProblem(error).code === 'idempotency.in_progress',
        retryDelay: (_failures, error) => (toProblem(error).retryAfterSeconds ?? 1) * 1000,
      },
    },
  });
}

interface AppDependencies {
  readonly window: Window & typeof globalThis;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Where the address comes from; the browser's own bar when left out. */
  readonly history?: RouterHistory;
}

/** The composition root of the web app: every wire is visible here. */
export function createApp({ window, fetch, history }: AppDependencies) {
  const store = createKeyValueStore(() => window.localStorage);
  const hint = createSessionHint({ store, now: Date.now });
  const services: Services = {
    queryClient: createQueryClient(),
    hint,
    drafts: createDrafts(store),
    notices: createNotices(),
    theme: createTheme({ store, root: window.document.documentElement, prefersDark: window.matchMedia('(prefers-color-scheme: dark)') }),
  };
  const router = createAppRouter(services, history);
  const transport = createTransport({
    fetch,
    hint,
    exclusive: createExclusive(window.navigator.locks, 'sanctum.refresh'),
    now: Date.now,
    origin: window.location.origin,
    onSessionEnded: (request) => endSession(services, router, request),
    onSessionFound: () => void services.queryClient.invalidateQueries({ queryKey: meKey }).then(() => router.invalidate()),
  });
  client.setConfig({ baseUrl: window.location.origin, fetch: transport as typeof globalThis.fetch });

  // Another tab signed in or out: this one follows.
  window.addEventListener('storage', (event) => {
    const signedIn = (services.queryClient.getQueryData(meKey) ?? null) !== null;
    if (isSessionHintKey(event.key) && signedIn !== (hint.renewAtMs() !== null)) inBackground(followOtherTab(services, router));
  });
  return { services, router };
}

function endSession({ queryClient, notices }: Services, router: AppRouter, request: Request): void {
  queryClient.setQueryData(meKey, null);
  notices.show({ tone: 'bad', text: 'Your session has ended.', detail: 'Sign in again; what you were writing is kept.' });
  const { href, pathname } = router.state.location;
  if (request.method !== 'GET' && pathname !== '/sign-in') inBackground(router.navigate({ to: '/sign-in', search: { return: href } }));
  else inBackground(router.invalidate());
}

async function followOtherTab({ queryClient, hint }: Services, router: AppRouter): Promise<void> {
  if (hint.renewAtMs() === null) await changeReader(queryClient, null);
  else await queryClient.resetQueries();
  await router.invalidate();
}

export function App({ services, router }: ReturnType<typeof createApp>) {
  return (
    <ServicesProvider services={services}>
      <QueryClientProvider client={services.queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ServicesProvider>
  );
}
