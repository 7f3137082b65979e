/** Shapes of sanctums and their members. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/pages.ts';
import { idText, lineText, plainText, timestamp } from '../../http/shapes.ts';
import { username } from '../users/users.schema.ts';

export const sanctumName = z
  .string()
  .regex(/^[A-Za-z0-9_]{3,30}$/, 'must be 3 to 30 letters, digits or "_"')
  .describe('Unique whatever the case of its letters.');
const title = lineText(100);
const description = plainText(5000);
/** Characters of the description that a list shows. */
export const descriptionExcerptCharacters = 300;
export const visibility = z.enum(['public', 'private']);
export const memberRole = z.enum(['owner', 'moderator', 'member']);

export const sanctum = z
  .object({
    id: idText,
    name: sanctumName,
    title: z.string(),
    description: z.string().describe(`In lists the first ${descriptionExcerptCharacters} characters.`),
    visibility,
    memberCount: z.int().min(0),
    createdAt: timestamp,
    role: memberRole.nullable().describe('Your own role; null when you are not a member.'),
  })
  .meta({ id: 'Sanctum', description: 'A community with members, moderators and posts.' });

export const member = z
  .object({ username, displayName: z.string(), role: memberRole, createdAt: timestamp })
  .meta({ id: 'Member', description: 'A membership of a sanctum.' });

export const sanctumPage = pageOf(sanctum).meta({ id: 'SanctumPage' });
export const memberPage = pageOf(member).meta({ id: 'MemberPage' });

export const createSanctumBody = z
  .object({ name: sanctumName, title, description: description.default(''), visibility: visibility.default('public') })
  .strict();
export const updateSanctumBody = z
  .object({ title: title.optional(), description: description.optional(), visibility: visibility.optional() })
  .strict();
export const setMemberBody = z.object({ role: memberRole }).strict();

export const sanctumParams = z.object({ name: sanctumName });
export const memberParams = z.object({ name: sanctumName, username });
export const sanctumListQuery = pageQuery.extend({
  mine: z.enum(['true', 'false']).optional().describe('"true": only the sanctums you are a member of.'),
});

export type Sanctum = z.output<typeof sanctum>;
export type Member = z.output<typeof member>;
export type MemberRole = z.output<typeof memberRole>;
export type Visibility = z.output<typeof visibility>;
export type CreateSanctum = z.output<typeof createSanctumBody>;
export type UpdateSanctum = z.output<typeof updateSanctumBody>;
