/** Pieces of SQL about time that queries share. No entry of the catalogue stands here. */

/** ISO 8601 in UTC with milliseconds, as JavaScript writes it, whatever the session's time zone. */
export function isoTime(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
