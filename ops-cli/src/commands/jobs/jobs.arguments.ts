import { usageError } from '../../cli-error.ts';

export const jobStates = ['waiting', 'running', 'failed', 'dead'] as const;

const limitDefault = 50;
const limitMax = 1000;
const idsMax = 1000;

/** Ids of jobs, or undefined for all dead ones. @throws CliError (exit 2) */
export function idArguments(
  verb: string,
  args: readonly (string | readonly string[] | undefined)[],
  allDead: boolean,
): readonly string[] | undefined {
  const ids = args.flat().filter((id) => id !== undefined);
  if (allDead && ids.length === 0) return undefined;
  if (allDead || ids.length === 0)
    throw usageError(
      `jobs ${verb} takes ids, or --dead for all dead jobs`,
      `npx sanctum-ops jobs list --state dead, then npx sanctum-ops jobs ${verb} <id>`,
    );
  const strange = ids.find((id) => !/^[1-9]\d{0,17}$/.test(id));
  if (strange !== undefined) throw usageError(`"${strange}" is not the id of a job`, 'npx sanctum-ops jobs list shows them');
  if (ids.length > idsMax) throw usageError(`${ids.length} ids are too many at once`, `give at most ${idsMax}`);
  return [...new Set(ids)];
}

/** @throws CliError (exit 2) */
export function limitOption(text: string | undefined): number {
  if (text === undefined) return limitDefault;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (limit >= 1 && limit <= limitMax) return limit;
  throw usageError(`--limit ${text} is not a number of jobs`, `give a whole number from 1 to ${limitMax}`);
}
