import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { outside, signedIn } from '../../../test/access/rows.ts';

const shape = 'the shape of the API refuses such a value first';
const key = 'the key is generated, or the statement says what a second row does';
const job = 'a job writes it, and looks anew when what it points at has gone meanwhile';

export default {
  access: {
    listNotifications: { public: signedIn(200) },
    countUnreadNotifications: { public: signedIn(200) },
    readNotifications: { payload: () => ({}), public: signedIn(200) },
    listNotificationLevels: { public: signedIn(200) },
    chooseNotificationLevel: {
      url: (o) => `/api/me/notification-levels/sanctum/${o.sanctum}`,
      payload: () => ({ level: 'mentions' }),
      public: signedIn(200),
      private: signedIn(200, outside('notification.scope_not_found')),
    },
    forgetNotificationLevel: {
      url: (o) => `/api/me/notification-levels/post/${o.postId}`,
      public: signedIn(204),
      private: signedIn(204, outside('notification.scope_not_found')),
    },
  },
  constraintBugs: {
    notification_levels_level_known: shape,
    notification_levels_scope_known: shape,
    notifications_type_known: 'the statement that writes it counts, bounds or chooses the value',
    idx_notifications_unread_group: key,
    notification_events_pkey: key,
    notification_levels_pkey: key,
    notifications_pkey: key,
    fk_notification_events_actor: job,
    fk_notification_events_comment: job,
    fk_notification_events_notification: job,
    fk_notification_events_user: job,
    fk_notifications_comment: job,
    fk_notifications_post: job,
    fk_notifications_sanctum: job,
    fk_notifications_user: job,
  },
} satisfies FeatureExpectations;
