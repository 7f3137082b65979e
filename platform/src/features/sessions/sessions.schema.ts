/** Shapes of sessions and of what signing in gives. */
import { z } from 'zod';
import { timestamp } from '../../api/shapes.ts';
import { me } from '../users/users.schema.ts';

/** Where the tokens travel: HttpOnly cookies for the web app, the body for API users. */
export const credentials = z.enum(['cookie', 'token']).default('cookie');
export type Transport = 'cookie' | 'token';

export const signedIn = z
  .object({
    user: me,
    accessTokenExpiresAt: timestamp,
    accessToken: z.string().optional().describe('Only with credentials "token": send it as "Authorization: Bearer …".'),
    refreshToken: z.string().optional().describe('Only with credentials "token": send it to POST /api/auth/refresh; each one works once.'),
    deviceToken: z
      .string()
      .optional()
      .describe('Only with credentials "token", when signing in or registering: send it with the next sign-in.'),
  })
  .meta({ id: 'SignedIn', description: 'A signed-in session.' });

export const refreshBody = z
  .object({ refreshToken: z.string().min(1).max(200).optional().describe('Leave it out when the tokens are in cookies.') })
  .strict()
  .optional();

export const session = z
  .object({
    id: z.uuid(),
    userAgent: z.string(),
    address: z.string(),
    createdAt: timestamp,
    lastSeenAt: timestamp.describe('Signed in or refreshed last.'),
    current: z.boolean().describe('The session that asks.'),
  })
  .meta({ id: 'Session', description: 'One signed-in device.' });

export const sessionList = z.object({ items: z.array(session) }).meta({ id: 'SessionList' });
export const sessionParams = z.object({ sessionId: z.uuid() });

export type SignedIn = z.output<typeof signedIn>;
export type Session = z.output<typeof session>;
