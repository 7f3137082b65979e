/** What people choose about who reaches and sees them. */
import { z } from 'zod';
import { pageItemsMax } from '../../api/pages.ts';
import { namePattern } from '../users/names.ts';
import { username } from '../users/users.schema.ts';

export const friendRequestsFrom = z.enum(['everybody', 'sanctums', 'nobody']);
export const presenceShownTo = z.enum(['everybody', 'friends', 'nobody']);

export const messagesFrom = z.enum(['everybody', 'friends', 'nobody']);

export const privacy = z
  .object({
    friendRequestsFrom: friendRequestsFrom.describe('Who may ask you to be friends; "sanctums": people in one of your sanctums.'),
    messagesFrom: messagesFrom.describe('Who may write to you directly and invite you to groups. You may write to whomever you like.'),
    presenceShownTo: presenceShownTo.describe('Who sees whether you are here.'),
    receiptsShown: z.boolean().describe('Others see what you have read, and you see what they have.'),
  })
  .meta({ id: 'Privacy', description: 'What you chose about others and yourself.' });

export const updatePrivacyBody = privacy.partial().strict();

export const presenceState = z
  .enum(['online', 'offline', 'unknown'])
  .describe('"unknown": nobody knows at the moment, or the person does not show it to you.');

export const presenceQuery = z.object({
  of: z
    .string()
    .max(pageItemsMax * 31)
    .transform((text) => text.split(','))
    .refine((names) => names.length <= pageItemsMax && names.every((name) => namePattern.test(name)), `must be 1 to ${pageItemsMax} names`)
    .describe('Names of people, separated by commas.'),
});

export const presenceOf = z.object({ items: z.array(z.object({ username, state: presenceState })) }).meta({ id: 'PresenceOf' });

export type PresenceOf = z.output<typeof presenceOf>;
export type Privacy = z.output<typeof privacy>;
export type UpdatePrivacy = z.output<typeof updatePrivacyBody>;

/** What holds for who has chosen nothing. */
export const privacyDefaults: Privacy = {
  friendRequestsFrom: 'everybody',
  messagesFrom: 'everybody',
  presenceShownTo: 'friends',
  receiptsShown: true,
};
