/** The end of a process that still holds threads and timers. */
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { isatty } from 'node:tty';

const shell = '/bin/sh';

/**
 * Ends the process with an exit code, at once and always. `process.exit` joins V8's background threads, and one that compiles
 * code and waits for the main thread to collect garbage waits for ever: about one run in 150 hung with its output complete
 * (stack: `Environment::Exit` in `WorkerThreadsTaskRunner::Shutdown`, a Maglev job in `CollectionBarrier::AwaitCollection`).
 * Replacing the program image by one that exits leaves no thread to wait for. Listeners of `exit` run first; whatever was
 * written to stdout has to be flushed by the caller.
 */
export function leaveProcess(code: number): never {
  const exact = Number.isInteger(code) && code >= 0 && code <= 255 ? code : 70;
  if (process.platform !== 'win32' && typeof process.execve === 'function' && existsSync(shell)) {
    process.exitCode = exact;
    process.emit('exit', exact);
    // Nobody else gives the terminal back when a question was interrupted.
    if (isatty(0) && process.stdin.isRaw) process.stdin.setRawMode(false);
    flushCompileCache();
    process.execve(shell, ['sh', '-c', `exit ${exact}`], {});
  }
  process.exit(exact);
}
