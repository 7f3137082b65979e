import type { Found } from '../cause.ts';
import { defineCause } from '../cause.ts';
import { grantConnect, letRoleIn, openDatabase } from '../cures.queries.ts';
import { sqlCure } from '../cures.ts';
import type { Admission } from '../probes/admission.ts';

/** Wrong password, no entry for this user, no such database, no privilege, closed: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const refusals = new Set(['28P01', '28000', '3D000', '42501', '55000', '57P03']);

export default defineCause({
  id: 'database-refuses',
  title: 'The database refuses this user, password or database name',
  explains: ['platform-not-ready', 'overload'],
  judge: ({ database, isLocal }) => {
    if (database?.state !== 'closed' || !refusals.has(database.code ?? '')) return undefined;
    if (database.code === '57P03')
      return {
        confidence: 0.7,
        title: 'The database is starting up or shutting down',
        evidence: [database.message],
        next: 'npx sanctum-ops doctor --wait',
      };
    const { admission, message } = database;
    const closed = admission === undefined ? undefined : closedDoor(admission, message);
    if (closed !== undefined) return closed;
    return {
      title: `The database at ${database.host} refuses this user, password or database name`,
      confidence: 0.9,
      evidence: [message],
      // On the local stack a start sets the role's password again, and makes the role and the database where they are not.
      next: isLocal && admission !== undefined ? 'npx sanctum-ops up' : 'npx sanctum-ops config explain DATABASE_URL',
    };
  },
});

function closedDoor(admission: Admission, message: string): Found | undefined {
  const { role, database } = admission;
  if (!admission.has_role || !admission.has_database) return undefined;
  const doors = [
    [!admission.can_log_in, letRoleIn(role)],
    [!admission.accepts_connections, openDatabase(database)],
    [!admission.may_connect, grantConnect(database, role)],
  ] as const;
  const statements = doors.filter(([isShut]) => isShut).map(([, statement]) => statement);
  return statements.length === 0 ? undefined : { confidence: 0.93, evidence: [message], cure: sqlCure(...statements) };
}
