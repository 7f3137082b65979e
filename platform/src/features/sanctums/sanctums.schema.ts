/** Shapes of sanctums and their members. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../api/pages.ts';
import { idText, lineText, plainText, timestamp } from '../../api/shapes.ts';
import { nameText, newNameText } from '../users/names.ts';
import { username } from '../users/users.schema.ts';

export const sanctumName = nameText;
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

const person = z.object({ username, displayName: z.string() });

export const invitation = z.object({ username, displayName: z.string(), role: memberRole, invitedBy: person, createdAt: timestamp }).meta({
  id: 'Invitation',
  description: 'What a sanctum offers to a person: a place in it, or a role. Nothing happens before they accept.',
});

export const myInvitation = z
  .object({
    sanctum: z.object({ name: sanctumName, title: z.string(), visibility, memberCount: z.int().min(0) }),
    role: memberRole,
    invitedBy: person,
    createdAt: timestamp,
  })
  .meta({ id: 'MyInvitation', description: 'An invitation as the invited person sees it.' });

export const ban = z
  .object({ username, displayName: z.string(), createdAt: timestamp })
  .meta({ id: 'Ban', description: 'Someone who was removed and does not come back until the ban is lifted.' });

export const invitationPage = pageOf(invitation).meta({ id: 'InvitationPage' });
export const myInvitationPage = pageOf(myInvitation).meta({ id: 'MyInvitationPage' });
export const banPage = pageOf(ban).meta({ id: 'BanPage' });
export const sanctumPage = pageOf(sanctum).meta({ id: 'SanctumPage' });
export const memberPage = pageOf(member).meta({ id: 'MemberPage' });

export const createSanctumBody = z
  .object({ name: newNameText, title, description: description.default(''), visibility: visibility.default('public') })
  .strict();
export const updateSanctumBody = z
  .object({ title: title.optional(), description: description.optional(), visibility: visibility.optional() })
  .strict();
export const setMemberBody = z.object({ role: z.enum(['moderator', 'member']) }).strict();
export const inviteBody = z.object({ role: memberRole.default('member') }).strict();

export const sanctumParams = z.object({ name: sanctumName });
export const memberParams = z.object({ name: sanctumName, username });
export const sanctumListQuery = pageQuery.extend({
  mine: z.enum(['true', 'false']).optional().describe('"true": only the sanctums you are a member of.'),
});

export type Sanctum = z.output<typeof sanctum>;
export type Member = z.output<typeof member>;
export type Invitation = z.output<typeof invitation>;
export type Ban = z.output<typeof ban>;
export type MemberRole = z.output<typeof memberRole>;
export type Visibility = z.output<typeof visibility>;
export type CreateSanctum = z.output<typeof createSanctumBody>;
export type UpdateSanctum = z.output<typeof updateSanctumBody>;
