import { usageError } from '../../cli-error.ts';

/** A migration number. @throws CliError (exit 2) */
export function numberArgument(text: string | undefined): number {
  if (text !== undefined && /^\d{1,6}$/.test(text)) return Number(text);
  throw usageError(
    `"${text ?? ''}" is not the number of a migration`,
    'give a whole number, for example: npx sanctum-ops migrate resolve 12 --as applied',
  );
}

/** @throws CliError (exit 2) for a text that is no number. */
export function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : numberArgument(text);
}
