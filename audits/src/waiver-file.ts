import { CouldNotLook } from './check.ts';
import type { CheckContext } from './check.ts';
import { parseWaivers, waiversPath, waiversSchema } from './waivers.ts';
import type { Waivers } from './waivers.ts';

/** The waivers of the audited checkout. Throws `CouldNotLook` when the file does not exist: an absent list is not an empty one. */
export async function readWaiverFile({ repository, now }: Pick<CheckContext, 'repository' | 'now'>): Promise<Waivers> {
  try {
    return parseWaivers(await repository.read(waiversPath), now);
  } catch (error) {
    throw new CouldNotLook(`${waiversPath} cannot be read.`, {
      fix: `printf 'schema: ${waiversSchema}\\nwaivers: []\\n' > ${waiversPath}`,
      cause: error,
    });
  }
}

/** What a check of waivers looked at: the file itself and each entry. */
export function countOf(waivers: Waivers): number {
  return 1 + waivers.entries.length + waivers.malformed.length;
}
