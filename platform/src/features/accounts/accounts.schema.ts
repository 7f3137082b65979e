/** Shapes of registering and signing in. */
import { z } from 'zod';
import { plainText } from '../../api/shapes.ts';
import { credentials } from '../sessions/sessions.schema.ts';
import { newNameText } from '../users/names.ts';
import { displayName, email } from '../users/users.schema.ts';

const passwordCharactersMax = 256;
const deviceTokenCharactersMax = 100;

/** Only bounds; how strong a new password is, is judged by the password policy. */
const password = z.string().min(1).max(passwordCharactersMax).meta({ format: 'password' });

const deviceToken = z
  .string()
  .max(deviceTokenCharactersMax)
  .optional()
  .describe(
    "From an earlier sign-in to this account: strangers' wrong passwords then do not keep this device out. Browsers keep it in a cookie.",
  );

export const registerBody = z.object({ username: newNameText, email, password, displayName: displayName.optional(), credentials }).strict();

export const signInBody = z
  .object({ name: plainText(254).min(1).describe('Username or e-mail address.'), password, credentials, deviceToken })
  .strict();

export const changePasswordBody = z.object({ currentPassword: password, newPassword: password }).strict();

export type Register = z.output<typeof registerBody>;
export type SignIn = z.output<typeof signInBody>;
export type ChangePassword = z.output<typeof changePasswordBody>;
