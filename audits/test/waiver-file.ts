/** The text of a waiver file with one entry. */
export function waiverFile({ check = 'postgres/invalid-index', expires = '2026-07-01', owner = 'ada' } = {}): string {
  return `schema: sanctum.waivers/1
waivers:
  - check: ${check}
    subject: marks_a
    owner: ${owner}
    reason: It goes with the next release.
    expires: ${expires}
`;
}
