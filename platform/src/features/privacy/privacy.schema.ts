/** What people choose about who reaches and sees them. */
import { z } from 'zod';

export const friendRequestsFrom = z.enum(['everybody', 'sanctums', 'nobody']);
export const presenceShownTo = z.enum(['everybody', 'friends', 'nobody']);

export const privacy = z
  .object({
    friendRequestsFrom: friendRequestsFrom.describe('Who may ask you to be friends; "sanctums": people in one of your sanctums.'),
    presenceShownTo: presenceShownTo.describe('Who sees whether you are here.'),
    receiptsShown: z.boolean().describe('Others see what you have read, and you see what they have.'),
  })
  .meta({ id: 'Privacy', description: 'What you chose about others and yourself.' });

export const updatePrivacyBody = privacy.partial().strict();

export type Privacy = z.output<typeof privacy>;
export type UpdatePrivacy = z.output<typeof updatePrivacyBody>;

/** What holds for who has chosen nothing. */
export const privacyDefaults: Privacy = { friendRequestsFrom: 'everybody', presenceShownTo: 'friends', receiptsShown: true };
