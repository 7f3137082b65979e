/** Shapes of friendships and of what people ask of each other. */
import { z } from 'zod';
import { pageOf } from '../../api/pages.ts';
import { timestamp } from '../../api/shapes.ts';
import { username } from '../users/users.schema.ts';

/** Friends of one person. */
export const friendsMax = 1000;
/** People whom one person may ask in 24 hours. */
export const requestsPerDayMax = 50;
/** Lists count no further. */
export const countedMax = 1000;

/** As users.schema.ts bounds it. */
const shownName = z.string().max(60);
/** Characters of the bio that a list shows. */
export const bioExcerptCharacters = 200;

export const friendshipState = z.enum(['none', 'sent', 'received', 'friends']);

export const friendship = z
  .object({
    username,
    displayName: shownName,
    state: friendshipState.describe('"sent": you asked and wait; "received": you are asked.'),
    since: timestamp.nullable().describe('Since when this is so; null for "none".'),
  })
  .meta({ id: 'Friendship', description: 'What you and a person are to each other.' });

export const friend = z
  .object({ username, displayName: shownName, bio: z.string().max(bioExcerptCharacters), since: timestamp })
  .meta({ id: 'Friend' });

const counted = { count: z.int().min(0).describe(`All there are, not only those of this page; counted up to ${countedMax}.`) };

export const friendPage = pageOf(friend).extend(counted).meta({ id: 'FriendPage' });

export const friendRequest = z
  .object({
    username,
    displayName: shownName,
    createdAt: timestamp,
    mutualCount: z.int().min(0).describe('Friends whom you both have.'),
  })
  .meta({ id: 'FriendRequest', description: 'Somebody who wants to be your friend, or whom you asked.' });

export const friendRequestPage = pageOf(friendRequest).extend(counted).meta({ id: 'FriendRequestPage' });

export const personParams = z.object({ username });

export type Friendship = z.output<typeof friendship>;
export type FriendshipState = z.output<typeof friendshipState>;
