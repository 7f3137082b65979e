/** The part of the composition root for sanctums: who is in them, what is written in them, how it is found. */
import type { Cursors } from './api/cursor.ts';
import type { Database } from './db/database.ts';
import type { Announcements } from './events/events.ts';
import { createBanRoutes } from './features/memberships/bans.handlers.ts';
import { createBans } from './features/memberships/bans.service.ts';
import { createCommentRoutes } from './features/comments/comments.handlers.ts';
import { createComments } from './features/comments/comments.service.ts';
import { createSanctumConversations } from './features/conversations/sanctum-conversations.service.ts';
import { createFeedRoutes } from './features/feeds/feeds.handlers.ts';
import { createFeeds, type Feeds } from './features/feeds/feeds.service.ts';
import { createInvitationRoutes } from './features/memberships/invitations.handlers.ts';
import { createInvitations } from './features/memberships/invitations.service.ts';
import { createMembershipRoutes } from './features/memberships/memberships.handlers.ts';
import { createMemberships } from './features/memberships/memberships.service.ts';
import { createPostRoutes } from './features/posts/posts.handlers.ts';
import { createPosts } from './features/posts/posts.service.ts';
import { createSanctumRoutes } from './features/sanctums/sanctums.handlers.ts';
import { createSanctums } from './features/sanctums/sanctums.service.ts';
import { createSearch } from './features/search/search.service.ts';
import { createSearchRoutes } from './features/search/search.handlers.ts';
import type { Notify } from './features/notifications/notifications.causes.ts';
import type { RateLimitName, Route } from './http/routes/route.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';
import type { Cache } from './redis/cache.ts';
import type { Streams } from './streams/streams.ts';
import type { MarkdownPool } from './text/markdown-pool.ts';

export interface CommunityDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly cache: Cache;
  readonly events: Announcements;
  readonly limiter: RateLimiter<RateLimitName>;
  readonly markdown: MarkdownPool;
  readonly notify: Notify;
  readonly streams: Streams;
}

export interface Community {
  readonly feeds: Pick<Feeds, 'forgetShared'>;
  readonly routes: readonly Route[];
}

export function createCommunity({ db, cursors, cache, events, limiter, markdown, notify, streams }: CommunityDependencies): Community {
  const places = createSanctumConversations({ streams });
  const memberships = createMemberships({ db, cursors, events, places });
  const invitations = createInvitations({ db, cursors, events, notify, places });
  const bans = createBans({ db, cursors, events, places });
  const posts = createPosts({ db, markdown, limiter, events, notify });
  const feeds = createFeeds({ db, cursors, cache });
  const sanctums = createSanctums({ db, cursors, events });
  const comments = createComments({ db, markdown, cursors, notify });
  const search = createSearch({ db, cursors });
  return {
    feeds,
    routes: [
      ...createSanctumRoutes({ sanctums }),
      ...createMembershipRoutes({ memberships, bans }),
      ...createInvitationRoutes({ invitations }),
      ...createBanRoutes({ bans }),
      ...createPostRoutes({ posts }),
      ...createFeedRoutes({ feeds }),
      ...createCommentRoutes({ comments }),
      ...createSearchRoutes({ search }),
    ],
  };
}
