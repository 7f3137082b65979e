/** The part of the composition root for what people are to each other, and what each is told. */
import { randomUUID } from 'node:crypto';
import type { Cursors } from './api/cursor.ts';
import type { Database } from './db/database.ts';
import type { Announcements } from './events/events.ts';
import { createBlockRoutes } from './features/blocks/blocks.handlers.ts';
import { type Blocks, createBlocks } from './features/blocks/blocks.service.ts';
import { createFriendRoutes } from './features/friends/friends.handlers.ts';
import { createFriends } from './features/friends/friends.service.ts';
import { createNotificationLevels } from './features/notifications/levels.service.ts';
import { createNotificationRoutes } from './features/notifications/notifications.handlers.ts';
import { createNotifications } from './features/notifications/notifications.service.ts';
import { createPrivacyRoutes } from './features/privacy/privacy.handlers.ts';
import { createPrivacySettings, type PrivacySettings } from './features/privacy/privacy.service.ts';
import type { Notify } from './features/notifications/notifications.causes.ts';
import { notifyingOfFriends } from './features/notifications/notify.ts';
import type { Route } from './http/routes/route.ts';
import { createPresence, type Presence } from './presence/presence.ts';
import type { Cache } from './redis/cache.ts';
import { hiddenPeopleKey } from './redis/keys.ts';
import type { Store } from './redis/store.ts';
import type { Streams } from './streams/streams.ts';
import type { Logger } from './telemetry/logging.ts';

export interface PeopleDependencies {
  readonly db: Database;
  readonly store: Store;
  readonly logger: Logger;
  readonly cursors: Cursors;
  readonly cache: Cache;
  readonly events: Announcements;
  readonly notify: Notify;
  readonly streams: Streams;
}

export interface People {
  readonly blocks: Blocks;
  /** Started before the first connection, closed after the last. */
  readonly presence: Presence;
  /** Whom they do not see and who do not see them; `fresh`: that has changed a moment ago, whatever this process remembers. */
  hiddenFrom(userId: string, fresh: boolean): Promise<ReadonlySet<string>>;
  readonly routes: readonly Route[];
}

export function createPeople({ db, store, logger, cursors, cache, events, notify, streams }: PeopleDependencies): People {
  const tellAccount = notifyingOfFriends(async (tx, userId, event) => {
    await streams.append(tx, { kind: 'user', id: userId }, event);
  }, notify);
  const friends = createFriends({ db, cursors, tellAccount });
  const blocks = createBlocks({
    db,
    cursors,
    events,
    tellAccount,
    hidden: {
      read: (userId, load) => cache.read(hiddenPeopleKey, [userId], load),
      drop: (userId) => cache.drop(hiddenPeopleKey, [userId]),
    },
  });
  const notifications = createNotifications({ db, cursors, streams: streams });
  const levels = createNotificationLevels({ db, cursors });
  const privacy: PrivacySettings = createPrivacySettings({ db, statesOf: (userIds, readerId) => presence.statesOf(userIds, readerId) });
  const presence = createPresence({
    store,
    instance: randomUUID(),
    shownTo: (readerId, userIds) => privacy.presenceShownTo(readerId, userIds),
    onError: (error) =>
      logger.warn({ error }, 'who is here could not be written to the store: it is with the next renewal, or over by itself'),
  });
  return {
    blocks,
    presence,
    async hiddenFrom(userId, fresh) {
      if (fresh) await blocks.forget([userId]);
      return blocks.hiddenFrom(userId);
    },
    routes: [
      ...createFriendRoutes({ friends }),
      ...createBlockRoutes({ blocks }),
      ...createNotificationRoutes({ notifications, levels }),
      ...createPrivacyRoutes({ privacy }),
    ],
  };
}
