import { columnTypeOf, isFreeChange, isPlainUsing } from './column-types.ts';
import type { ColumnType } from './column-types.ts';
import { alterCommands, existingRelation } from './lint-nodes.ts';
import type { Seen } from './lint-rule.ts';
import { isNode } from './nodes.ts';
import type { ParseNode } from './parser.ts';
import { keyOf, keyOfNames } from './schema-model.ts';
import type { SchemaModel } from './schema-model.ts';

/** True when the statement is about a table that the same file created before. */
export function isNewTarget({ parsed, created }: Seen): boolean {
  return isNode(parsed.node['relation']) && existingRelation(parsed, created) === null;
}

export type TypeChange = 'free' | 'checks-again' | 'unknown' | 'rewrites';

/** What a change of a column's type costs, by what is known of the column. */
export function typeChangeOf(model: SchemaModel, relation: unknown, command: ParseNode): TypeChange {
  const definition = isNode(command['def']) && isNode(command['def']['ColumnDef']) ? command['def']['ColumnDef'] : {};
  const name = String(command['name']);
  const key = keyOf(relation);
  const table = model.tables.get(key);
  const from = baseOf(model, table?.columns.get(name)?.type ?? null);
  const written = columnTypeOf(definition['typeName']);
  const to = baseOf(model, written);
  if (table === undefined || from === null) return 'unknown';
  if (to === null || written === null || definition['collClause'] !== undefined) return 'rewrites';
  if (!isPlainUsing(definition['raw_default'], name, written)) return 'rewrites';
  const isIndexed = [...model.indexes.values()].some(
    (index) => index.table === key && index.columns.some((one) => one === name || one === null),
  );
  if (!isFreeChange(from, to, { isUtc: model.isUtc, isIndexed })) return 'rewrites';
  const isChecked = [...table.constraints.values()].some(({ kind, columns }) => kind === 'check' && columns.includes(name));
  return isChecked ? 'checks-again' : 'free';
}

/** The type below domains without a constraint; null for one that has, because each row is then proven. */
function baseOf(model: SchemaModel, type: ColumnType | null): ColumnType | null {
  let base = type;
  for (let depth = 0; base !== null && depth < 32; depth += 1) {
    const domain = model.domains.get(keyOfNames(base.name.split('.')));
    if (domain === undefined) return base;
    if (domain.isConstrained || base.isArray) return null;
    base = domain.base;
  }
  return base;
}

/** True when the statement changes nothing but types, and all of them in the catalogue alone. */
export function onlyFreeChanges({ parsed, model }: Seen): boolean {
  const commands = alterCommands(parsed);
  return (
    commands.length > 0 &&
    commands.every(
      (command) => command['subtype'] === 'AT_AlterColumnType' && typeChangeOf(model, parsed.node['relation'], command) === 'free',
    )
  );
}

/** True when every row is already known to have a value: a required column, or a validated check that says so. */
export function isProvenRequired(model: SchemaModel, relation: unknown, column: string): boolean {
  const table = model.tables.get(keyOf(relation));
  if (table?.columns.get(column)?.isRequired === true) return true;
  return [...(table?.constraints.values() ?? [])].some(({ isValidated, provenColumns }) => isValidated && provenColumns.includes(column));
}
