import { defineCause } from '../cause.ts';
import { grantSchema, grantTable } from '../cures.queries.ts';
import { sqlCure } from '../cures.ts';

const shownMax = 5;

export default defineCause({
  id: 'database-grant-missing',
  title: "The platform's role may not use its own tables",
  explains: ['platform-not-ready', 'jobs-dead'],
  judge: ({ database, isLocal }) => {
    if (database?.state !== 'open') return undefined;
    const { tables = [], isSchemaUsable, server } = database;
    const lacking = tables.filter((table) => table.is_there && table.missing.length > 0);
    // A role that may write nowhere was made for looking: that is no fault, and said as "could not look".
    const isReader = !isLocal && lacking.length > 0 && lacking.length === tables.filter((table) => table.is_there).length;
    if (isSchemaUsable !== false && (lacking.length === 0 || isReader)) return undefined;
    return {
      confidence: 0.9,
      evidence: [
        ...(isSchemaUsable === false ? [`${server.role} may not use the schema public`] : []),
        ...lacking.slice(0, shownMax).map((table) => `${server.role} may not ${table.missing.join(', ')} on ${table.name}`),
      ],
      cure: sqlCure(
        ...(isSchemaUsable === false ? [grantSchema(server.role)] : []),
        ...lacking.map((table) => grantTable(table.missing, table.quoted, server.role)),
      ),
    };
  },
});
