/**
 * Names of people and of sanctums. They are letters, digits and "_" of ASCII and nothing else, so that no other script, no direction mark
 * and no invisible character can make two of them look alike; what is left of that inside ASCII (0 and o, 1 and i and l, rn and
 * m, vv and w) is judged by how a name looks, here for reserved names and by unique indexes for all others.
 */
import { z } from 'zod';

export const namePattern = /^[A-Za-z0-9_]{3,30}$/;

/** Who speaks for the site. */
const voices = `
  admin administrator administration root system sysadmin superuser sanctum sanctumops moderator moderators mod mods staff team
  official support help helpdesk security abuse postmaster webmaster hostmaster noreply
`;

/** Nobody in particular, and first words of addresses, of today and of the rooms to come. */
const otherWords = `
  everyone anonymous nobody deleted null undefined me you
  api auth assets comments errors openapi health ready metrics popular sanctums posts settings sessions invitations search write new signin signup signout login logout
  register home feed feeds members users chat messages notifications friends games uploads about terms privacy docs static icon index
  favicon robots theme presence conversations blocks friendships images files streams jobs ws s u
`;

/** The same text for two names that look alike. The unique indexes idx_users_name_look_unique and idx_sanctums_name_look_unique judge by it too. */
export function lookOf(name: string): string {
  const letters: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', i: 'l' };
  return name
    .toLowerCase()
    .replaceAll(/[01i]/g, (character) => letters[character] ?? character)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

const looksOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/).map(lookOf));
const voiceLooks = looksOf(voices);
const otherLooks = looksOf(otherWords);

/** True for names that nobody may take, also dressed up: "Adm1n", "_admin_", "a_d_m_i_n", "admin42". */
export function isReservedName(name: string): boolean {
  const bare = name.replaceAll('_', '');
  const look = lookOf(bare);
  return voiceLooks.has(look) || otherLooks.has(look) || voiceLooks.has(lookOf(bare.replaceAll(/^\d+|\d+$/g, '')));
}

const format = 'must be 3 to 30 letters, digits or "_"';

/** Any name, for looking it up. */
export const nameText = z
  .string()
  .regex(namePattern, format)
  .describe('Unique whatever the case of its letters, and among names that look alike.');

/** A name that someone wants to have. */
export const newNameText = nameText.refine((name) => !isReservedName(name), 'is reserved: choose another one');
