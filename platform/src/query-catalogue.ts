/**
 * Every SQL statement the platform runs, by name. Each feature adds its queries modules here; a test holds the
 * list equal to the *.queries.ts files there are.
 */
import * as accountsQueries from './features/accounts/accounts.queries.ts';
import * as blocksQueries from './features/blocks/blocks.queries.ts';
import * as commentQueries from './features/comments/comments.queries.ts';
import * as commentLikeQueries from './features/comments/likes.queries.ts';
import * as commentWindowQueries from './features/comments/windows.queries.ts';
import * as feedQueries from './features/feeds/feeds.queries.ts';
import * as friendsQueries from './features/friends/friends.queries.ts';
import * as friendListsQueries from './features/friends/lists.queries.ts';
import * as postLikeQueries from './features/posts/likes.queries.ts';
import * as postQueries from './features/posts/posts.queries.ts';
import * as bansQueries from './features/memberships/bans.queries.ts';
import * as invitationsQueries from './features/memberships/invitations.queries.ts';
import * as membershipsQueries from './features/memberships/memberships.queries.ts';
import * as privacyQueries from './features/privacy/privacy.queries.ts';
import * as rankRewritesQueries from './features/sanctums/rank-rewrites.queries.ts';
import * as sanctumsQueries from './features/sanctums/sanctums.queries.ts';
import * as searchQueries from './features/search/search.queries.ts';
import * as sessionsQueries from './features/sessions/sessions.queries.ts';
import * as usersQueries from './features/users/users.queries.ts';
import * as healthQueries from './http/routes/health.queries.ts';
import * as idempotencyQueries from './http/routes/idempotency.queries.ts';
import * as jobsQueries from './jobs/jobs.queries.ts';
import * as streamsQueries from './streams/streams.queries.ts';
import * as databaseQueries from './db/database.queries.ts';
import type { CatalogueQuery } from './db/query.ts';

type QueriesModule = Readonly<Record<string, unknown>>;

const modules: readonly QueriesModule[] = [
  accountsQueries,
  bansQueries,
  blocksQueries,
  friendsQueries,
  friendListsQueries,
  privacyQueries,
  invitationsQueries,
  membershipsQueries,
  sanctumsQueries,
  rankRewritesQueries,
  sessionsQueries,
  usersQueries,
  commentQueries,
  commentLikeQueries,
  commentWindowQueries,
  feedQueries,
  postLikeQueries,
  postQueries,
  searchQueries,
  healthQueries,
  idempotencyQueries,
  jobsQueries,
  streamsQueries,
  databaseQueries,
];

function isQuery(value: unknown): value is CatalogueQuery {
  return typeof value === 'object' && value !== null && 'parameterNames' in value && 'usesIndex' in value;
}

/** All queries, sorted by name. Throws when two share a name: metrics and prepared statements would mix them. */
export function collectQueries(from: readonly QueriesModule[]): readonly CatalogueQuery[] {
  const queries = from.flatMap((module) => Object.values(module)).filter(isQuery);
  const seen = new Set<string>();
  for (const query of queries) {
    if (seen.has(query.name)) throw new Error(`two queries are named "${query.name}": rename one`);
    seen.add(query.name);
  }
  return queries.sort((left, right) => (left.name < right.name ? -1 : 1));
}

export const queryCatalogue: readonly CatalogueQuery[] = collectQueries(modules);
