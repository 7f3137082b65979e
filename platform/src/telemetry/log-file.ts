/**
 * Log lines on their way to a file. They gather here, because a system call per line would cost more than the line, and
 * because the writer below measures everything it holds again for each piece it is given. The end of the process, a fatal
 * line and 100 ms flush.
 */
import { type DestinationStream, pino } from 'pino';

const gatherCharactersMax = 16_384;
const gatherMsMax = 100;

export interface LogFile extends DestinationStream {
  /** Everything written so far is in the file when it returns. */
  flushSync(): void;
}

/** Lines of one process to one descriptor; it stays open for the life of the process. */
export function openLogFile(fd: number): LogFile {
  // Synchronous: a reader that stops reading slows the process down, as it should; a queue would grow without end.
  const file = pino.destination({ dest: fd, sync: true });
  let lines = '';
  let timer: NodeJS.Timeout | undefined;

  function pass(): void {
    clearTimeout(timer);
    timer = undefined;
    if (lines === '') return;
    const gathered = lines;
    lines = '';
    file.write(gathered);
  }

  function flushSync(): void {
    pass();
    file.flushSync();
  }

  process.on('exit', flushSync);
  return {
    write(line) {
      lines += line;
      if (lines.length >= gatherCharactersMax) pass();
      else timer ??= setTimeout(pass, gatherMsMax).unref();
    },
    flushSync,
  };
}
