import {
  type RouterHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod/mini';
import { meOptions } from './features/auth/me.ts';
import { commentsOptions } from './features/comments/comment-queries.ts';
import { profileOptions } from './features/people/people-queries.ts';
import { type FeedSource, feedOptions, postOptions } from './features/posts/post-queries.ts';
import { sanctumOptions, sanctumsOptions } from './features/sanctums/sanctum-queries.ts';
import { type FeedSort, commentSorts, feedSorts, searchKinds } from './lib/model.ts';
import type { Services } from './lib/services.tsx';
import { ErrorPage, NotFoundPage } from './routes/dead-ends.tsx';
import { Shell } from './shell/shell.tsx';
import { inBackground } from './lib/in-background.ts';

/** A parameter that someone mistyped falls back to the default instead of breaking the page. */
// oxlint-disable-next-line promise/valid-params -- zod's catch, no promise's
const optional = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined as never);

const feedSearch = z.object({ sort: optional(z.enum(feedSorts)) });
const commentSearch = z.object({ sort: optional(z.enum(commentSorts)) });
const returnSearch = z.object({ return: optional(z.string()) });
const sanctumsSearch = z.object({ mine: optional(z.boolean()) });
const searchSearch = z.object({ q: optional(z.coerce.string()), kind: optional(z.enum(searchKinds)) });

interface GuardInput {
  readonly context: Services;
  readonly location: { readonly href: string };
}

/** Pages about oneself: anonymous readers are sent to sign in and come back afterwards. */
async function signedInOnly({ context, location }: GuardInput): Promise<void> {
  const me = await context.queryClient.ensureQueryData(meOptions(context));
  // oxlint-disable-next-line typescript/only-throw-error -- the router's way to redirect
  if (me === null) throw redirect({ to: '/sign-in', search: { return: location.href } });
}

/** Starts reading while the page's code is still on its way. Errors are shown by the page, which reads the same entry. */
const startFeed = ({ queryClient }: Services, source: FeedSource, sort: FeedSort) =>
  inBackground(queryClient.prefetchInfiniteQuery(feedOptions(source, sort)));

const root = createRootRouteWithContext<Services>()({
  component: Shell,
  beforeLoad: async ({ context }) => {
    await context.queryClient.ensureQueryData(meOptions(context));
  },
});
const under = <const P extends string>(path: P) => ({ getParentRoute: () => root, path });

const home = createRoute({
  ...under('/'),
  validateSearch: feedSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    const me = context.queryClient.getQueryData(meOptions(context).queryKey) ?? null;
    startFeed(context, { feed: me === null ? 'popular' : 'home' }, deps.sort ?? 'hot');
  },
  component: lazyRouteComponent(() => import('./routes/feed-pages.tsx'), 'HomePage'),
});

const popular = createRoute({
  ...under('/popular'),
  validateSearch: feedSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => startFeed(context, { feed: 'popular' }, deps.sort ?? 'hot'),
  component: lazyRouteComponent(() => import('./routes/feed-pages.tsx'), 'PopularPage'),
});

const sanctums = createRoute({
  ...under('/sanctums'),
  validateSearch: sanctumsSearch,
  loader: ({ context }) => void context.queryClient.prefetchInfiniteQuery(sanctumsOptions({ mine: false })),
  component: lazyRouteComponent(() => import('./routes/sanctums-page.tsx'), 'SanctumsPage'),
});

const createSanctum = createRoute({
  ...under('/sanctums/new'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/create-sanctum-page.tsx'), 'CreateSanctumPage'),
});

const sanctum = createRoute({
  ...under('/s/$name'),
  validateSearch: feedSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    inBackground(context.queryClient.prefetchQuery(sanctumOptions(params.name)));
    startFeed(context, { feed: 'sanctum', name: params.name }, deps.sort ?? 'hot');
  },
  component: lazyRouteComponent(() => import('./routes/sanctum-page.tsx'), 'SanctumPage'),
});

const members = createRoute({
  ...under('/s/$name/members'),
  component: lazyRouteComponent(() => import('./routes/members-page.tsx'), 'MembersPage'),
});

const sanctumSettings = createRoute({
  ...under('/s/$name/settings'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/sanctum-settings-page.tsx'), 'SanctumSettingsPage'),
});

const writeInSanctum = createRoute({
  ...under('/s/$name/write'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/write-pages.tsx'), 'WritePage'),
});

const write = createRoute({
  ...under('/write'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/write-pages.tsx'), 'ChooseSanctumPage'),
});

const post = createRoute({
  ...under('/posts/$postId'),
  validateSearch: commentSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    inBackground(context.queryClient.prefetchQuery(postOptions(params.postId)));
    inBackground(context.queryClient.prefetchQuery(commentsOptions(params.postId, deps.sort ?? 'top')));
  },
  component: lazyRouteComponent(() => import('./routes/post-page.tsx'), 'PostPage'),
});

const profile = createRoute({
  ...under('/u/$username'),
  validateSearch: feedSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(profileOptions(params.username)),
  component: lazyRouteComponent(() => import('./routes/profile-page.tsx'), 'ProfilePage'),
});

const settings = createRoute({
  ...under('/settings'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/settings-page.tsx'), 'SettingsPage'),
});

const sessions = createRoute({
  ...under('/sessions'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/sessions-page.tsx'), 'SessionsPage'),
});

const invitations = createRoute({
  ...under('/invitations'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/invitations-page.tsx'), 'InvitationsPage'),
});

const friends = createRoute({
  ...under('/friends'),
  beforeLoad: signedInOnly,
  component: lazyRouteComponent(() => import('./routes/friends-page.tsx'), 'FriendsPage'),
});

const search = createRoute({
  ...under('/search'),
  validateSearch: searchSearch,
  component: lazyRouteComponent(() => import('./routes/search-page.tsx'), 'SearchPage'),
});

const signIn = createRoute({
  ...under('/sign-in'),
  validateSearch: returnSearch,
  component: lazyRouteComponent(() => import('./routes/sign-in-page.tsx'), 'SignInPage'),
});

const signUp = createRoute({
  ...under('/sign-up'),
  validateSearch: returnSearch,
  component: lazyRouteComponent(() => import('./routes/sign-up-page.tsx'), 'SignUpPage'),
});

const routeTree = root.addChildren([
  home,
  popular,
  sanctums,
  createSanctum,
  sanctum,
  members,
  sanctumSettings,
  writeInSanctum,
  write,
  post,
  profile,
  settings,
  sessions,
  invitations,
  friends,
  search,
  signIn,
  signUp,
]);

export function createAppRouter(services: Services, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context: services,
    ...(history === undefined ? {} : { history }),
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: ErrorPage,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
