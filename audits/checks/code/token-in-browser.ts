import { browserTokens } from '../../src/source/browser-stores.ts';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import type { Program } from '../../src/source/program.ts';

const isWeb = (path: string) => path.startsWith('platform/web/src/');
const perProgram = new WeakMap<Program, Map<string, Place[]>>();

function placesOf(program: Program): Map<string, Place[]> {
  const known = perProgram.get(program) ?? browserTokens(program, isWeb);
  perProgram.set(program, known);
  return known;
}

export default defineCodeCheck({
  id: 'code/token-in-browser',
  title: 'Credential where scripts of the page can read it',
  area: 'security',
  severity: 'critical',
  requirements: ['SEC-04', 'REV-04'],
  where: isWeb,
  look: ({ path }, program) => placesOf(program).get(path) ?? [],
  risk: 'Any script that runs in the page, an injected one too, reads the credential and sends it away; in an address it ends up in logs and histories.',
  impact: 'The account is taken over for as long as the credential lives, without the password.',
  fix: 'Keep credentials in the HttpOnly cookies that the server sets; what the page needs of a session (when to renew) is a time, not a token.',
});
