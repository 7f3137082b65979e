import { isSameProcess } from '@sanctum/platform/local/processes';
import { createLocalProxy, findNginx, readRun } from '@sanctum/platform/local/nginx';
import type { LocalProxy, ProxyRun } from '@sanctum/platform/local/nginx';
import type { StackHome } from './home.ts';
import { readPlatformRuns } from './platform-process.ts';

export function stackProxy(
  home: StackHome,
  env: NodeJS.ProcessEnv,
): LocalProxy & {
  readonly isInstalled: boolean;
  readonly isAlive: () => boolean;
} {
  const program = findNginx({ path: env['PATH'], toolsDir: home.tools });
  const proxy = createLocalProxy({
    program,
    folder: home.proxyFolder,
    runFile: home.proxyRunFile,
    logFile: home.proxyLog,
    accessLog: home.proxyAccessLog,
  });
  const isAlive = () => {
    const run = proxy.run();
    return run !== undefined && isSameProcess(run);
  };
  return { ...proxy, isInstalled: program !== undefined, isAlive };
}

export function readProxyRun(home: StackHome): ProxyRun | undefined {
  return readRun(home.proxyRunFile);
}

/** Where readers go: the proxy, or the only instance. Undefined before the first start. */
export function frontOf(home: StackHome): { readonly url: string; readonly port: number } | undefined {
  return readProxyRun(home) ?? readPlatformRuns(home)[0];
}

export interface ProxyState {
  /** `absent`: none is wanted. `silent`: it lives and answers nobody. */
  readonly state: 'absent' | 'stopped' | 'silent' | 'ready';
  readonly run?: ProxyRun;
  readonly silence?: string;
}

const answerTimeoutMs = 2_000;

/** Whether the proxy answers; what it answers, an instance of the platform decides. */
export async function lookAtProxy(home: StackHome): Promise<ProxyState> {
  const run = readProxyRun(home);
  if (run === undefined) return { state: 'absent' };
  if (!isSameProcess(run)) return { state: 'stopped', run };
  try {
    // A path that the proxy refuses itself: no instance is asked.
    const response = await fetch(new URL('/.proxy-problem', run.url), { signal: AbortSignal.timeout(answerTimeoutMs) });
    await response.body?.cancel();
    return { state: 'ready', run };
  } catch (error) {
    return { state: 'silent', run, silence: error instanceof Error ? error.message : String(error) };
  }
}
