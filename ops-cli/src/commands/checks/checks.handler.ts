import { pageOf } from '@sanctum/audits/words';
import { readPage } from '@sanctum/audits/pages';
import { loadChecks, UnknownSelection } from '@sanctum/audits/registry';
import { CliError } from '../../cli-error.ts';
import { unknownCheck } from '../../unknown-check.ts';
import type { Handler } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { LoadedCheck } from './checks.document.ts';
import { renderCheck, renderCheckList } from './checks.screen.ts';

export const listChecks: Handler<{ group: string | undefined }> = async ({ output }, { group }) => {
  const checks = await load(group === undefined ? {} : { groups: [group] });
  if (output.isJson) output.json('sanctum.checks/1', { checks: checks.map(describe) });
  else output.data(renderCheckList(checks, output.paint, output.columns));
  return exitCodes.fine;
};

export const explainCheck: Handler<{ id: string }> = async ({ output }, { id }) => {
  const [check] = await load({ ids: [id] });
  if (check === undefined) throw new Error(`the registry gave no check for ${id}`);
  const page = await readPage(id);
  if (page === undefined) {
    throw new CliError('PAGE_MISSING', `the check ${id} has no page`, { fix: `write ${pageOf(id)}`, exitCode: exitCodes.internal });
  }
  if (output.isJson) output.json('sanctum.check/1', { ...describe(check), page });
  else output.data(output.format === 'markdown' ? page : renderCheck(check, page, output.paint));
  return exitCodes.fine;
};

async function load(selection: { ids?: string[]; groups?: string[] }): Promise<LoadedCheck[]> {
  try {
    return await loadChecks(selection);
  } catch (error) {
    throw error instanceof UnknownSelection ? unknownCheck(error) : error;
  }
}

function describe(check: LoadedCheck) {
  const { id, title, area, severity, needs, requirements, timeoutMs } = check;
  return {
    id,
    title,
    area,
    severity,
    needs,
    requirements,
    timeoutMs,
    slow: check.slow ?? false,
    required: check.required ?? true,
    runbook: pageOf(id),
  };
}
