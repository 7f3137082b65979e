import type { UnknownSelection } from '@sanctum/audits/registry';
import { usageError } from './cli-error.ts';
import type { CliError } from './cli-error.ts';
import { nearest } from './nearest.ts';

/** The usage error for a check or a group that does not exist, with the nearest one that does. */
export function unknownCheck({ given, kind, known }: UnknownSelection): CliError {
  const near = nearest(given, known) ?? known.find((name) => name.includes(given) || name.endsWith(`/${given}`));
  const what = kind === 'id' ? `check "${given}"` : `group of checks "${given}"`;
  return usageError(
    `there is no ${what}${near === undefined ? '' : ` (did you mean ${near}?)`}`,
    kind === 'group'
      ? `one of ${known.join(', ')}; or list them all: npx sanctum-ops checks list`
      : 'list them: npx sanctum-ops checks list',
  );
}
