/** The part of the composition root for what people are to each other, and what each is told. */
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
import { createPrivacySettings } from './features/privacy/privacy.service.ts';
import type { Notify } from './features/notifications/notifications.causes.ts';
import { notifyingOfFriends } from './features/notifications/notify.ts';
import type { Route } from './http/routes/route.ts';
import type { Cache } from './redis/cache.ts';
import { hiddenPeopleKey } from './redis/keys.ts';
import type { Streams } from './streams/streams.ts';

export interface PeopleDependencies {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly cache: Cache;
  readonly events: Announcements;
  readonly notify: Notify;
  readonly streams: Streams;
}

export interface People {
  readonly blocks: Blocks;
  readonly routes: readonly Route[];
}

export function createPeople({ db, cursors, cache, events, notify, streams }: PeopleDependencies): People {
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
  const privacy = createPrivacySettings({ db });
  return {
    blocks,
    routes: [
      ...createFriendRoutes({ friends }),
      ...createBlockRoutes({ blocks }),
      ...createNotificationRoutes({ notifications, levels }),
      ...createPrivacyRoutes({ privacy }),
    ],
  };
}
