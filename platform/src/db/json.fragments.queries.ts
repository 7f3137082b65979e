/** Pieces of SQL that build JSON. No entry of the catalogue stands here. */

/**
 * One JSON object, or null where `from` gives no row. A row that is turned to JSON has no spaces between its parts;
 * json_build_object writes them around every colon, one byte in twelve of a feed page.
 * @param fields names and their expressions, in the order in which they are written
 * @param from what the expressions are read from, `from … where …`; left out, the query around it
 */
export function jsonObject(fields: Readonly<Record<string, string>>, from = ''): string {
  const columns = Object.entries(fields).map(([name, expression]) => `${expression} as "${name}"`);
  return `(select row_to_json(object) from (select ${columns.join(', ')} ${from}) object)`;
}

/** A JSON list of JSON values as text; `[]` of nothing. An aggregate: json_agg would part them with spaces and new lines. */
export function jsonList(item: string, orderBy: string): string {
  return `'[' || coalesce(string_agg((${item})::text, ',' order by ${orderBy}), '') || ']'`;
}
