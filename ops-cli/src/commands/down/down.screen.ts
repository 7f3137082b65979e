import type { StoppedParts, StopResult } from './down.document.ts';

const words: Readonly<Record<StopResult, string>> = {
  absent: 'did not run',
  stopped: 'stopped',
  killed: 'did not end in time and was killed',
};

export function renderStopped(stopped: StoppedParts): string {
  if (Object.values(stopped).every((how) => how === 'absent')) return 'nothing was running';
  return [
    `platform    ${words[stopped.platform]}`,
    // Most stacks have none.
    ...(stopped.proxy === 'absent' ? [] : [`proxy       ${words[stopped.proxy]}`]),
    `Redis       ${words[stopped.redis]}`,
    `PostgreSQL  ${words[stopped.postgres]}`,
  ].join('\n');
}
