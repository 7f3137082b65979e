import { isNode } from './nodes.ts';
import type { ParsedStatement } from './parser.ts';

/** VACUUM with the option `full` on: `full`, `(full)`, `(full true)`. */
export function isFullVacuum({ type, node }: ParsedStatement): boolean {
  return type === 'VacuumStmt' && isSwitchedOn(node['options'], 'full');
}

export function isConcurrentReindex({ type, node }: ParsedStatement): boolean {
  return type === 'ReindexStmt' && isSwitchedOn(node['params'], 'concurrently');
}

/** What a list of options says of one of them; the last word counts, and a name alone means on. */
function isSwitchedOn(options: unknown, name: string): boolean {
  if (!Array.isArray(options)) return false;
  return options.reduce<boolean>((isSoFar, item: unknown) => {
    const option = isNode(item) && isNode(item['DefElem']) ? item['DefElem'] : {};
    return option['defname'] === name ? isOn(option['arg']) : isSoFar;
  }, false);
}

/** A boolean option as PostgreSQL reads it: absent, true, on or a number other than zero. */
function isOn(argument: unknown): boolean {
  if (!isNode(argument)) return true;
  if (isNode(argument['Integer'])) return argument['Integer']['ival'] !== undefined && argument['Integer']['ival'] !== 0;
  if (isNode(argument['Boolean'])) return argument['Boolean']['boolval'] === true;
  const text = isNode(argument['String']) ? String(argument['String']['sval']).toLowerCase() : '';
  return !['false', 'off', '0'].includes(text);
}
