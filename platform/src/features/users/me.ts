/** The row of the signed-in account as the API shows it, whichever statement found it. */
import type { MeRow } from './users.fragments.queries.ts';
import type { Me } from './users.schema.ts';

export function toMe(row: MeRow): Me {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    email: row.email,
    bio: row.bio,
    role: row.role,
    createdAt: row.created_at.toISOString(),
  };
}
