import { logTail } from '@sanctum/platform/local/log-tail';
import { isSameProcess } from '@sanctum/platform/local/processes';
import type { StackHome } from '../../../stack/home.ts';
import { processFacts } from '../../../stack/process-facts.ts';
import { lookAtProxy as askProxy, readProxyRun } from '../../../stack/proxy.ts';

const evidenceLines = 3;

export interface ProxySight {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly process: 'alive' | 'paused' | 'gone';
  /** Why it gave no answer; undefined when it did. */
  readonly silence: string | undefined;
  readonly logFile: string;
  readonly lastLines: readonly string[];
}

/** Undefined where no proxy is wanted: one instance needs none. */
export async function lookAtProxy(home: StackHome): Promise<ProxySight | undefined> {
  const run = readProxyRun(home);
  if (run === undefined) return undefined;
  const common = {
    url: run.url,
    port: run.port,
    pid: run.pid,
    logFile: home.proxyLog,
    lastLines: logTail(home.proxyLog, { linesMax: evidenceLines }),
  };
  if (!isSameProcess(run)) return { ...common, process: 'gone', silence: undefined };
  if (processFacts(run.pid)?.isPaused === true) return { ...common, process: 'paused', silence: undefined };
  return { ...common, process: 'alive', silence: (await askProxy(home)).silence };
}
