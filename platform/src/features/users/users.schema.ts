/** Shapes of people. */
import { z } from 'zod';
import { idText, lineText, plainText, timestamp } from '../../api/shapes.ts';
import { nameText } from './names.ts';

export const username = nameText;
export const email = z.email().max(254);
export const displayName = lineText(60);
export const bio = plainText(2000);
export const role = z.enum(['user', 'admin']);

export const me = z
  .object({ id: idText, username, displayName: z.string(), email: z.string(), bio: z.string(), role, createdAt: timestamp })
  .meta({ id: 'Me', description: 'The signed-in person.' });

export const profile = z
  .object({ id: idText, username, displayName: z.string(), bio: z.string(), createdAt: timestamp })
  .meta({ id: 'Profile', description: 'What everyone may know of a person.' });

export const updateMeBody = z.object({ displayName: displayName.optional(), bio: bio.optional() }).strict();
export const profileParams = z.object({ username });

export type Me = z.output<typeof me>;
export type UpdateMe = z.output<typeof updateMeBody>;
