import { truncateSync } from 'node:fs';
import { defineCause } from '../cause.ts';
import { shellWord } from '../shell-word.ts';

const mib = 1024 * 1024;
const freeBytesMin = 128 * mib;
const logBytesWorthIt = 16 * mib;

export default defineCause({
  id: 'disk-full',
  title: 'The disk is full',
  explains: ['postgres-stopped', 'redis-cannot-save', 'platform-not-ready', 'platform-ended', 'platform-stopped', 'last-start-failed'],
  judge: ({ machine, database }) => {
    const refusal =
      database?.state === 'open' && database.write?.refusal !== undefined && database.write.code === '53100'
        ? database.write.refusal
        : undefined;
    const free = machine?.disk?.freeBytes;
    const isLow = free !== undefined && free < freeBytesMin;
    if (!isLow && refusal === undefined) return undefined;
    const logs = machine?.disk?.logs.filter((log) => log.bytes >= logBytesWorthIt) ?? [];
    const evidence = [
      ...(isLow ? [`${Math.floor(free / mib)} MiB are free at ${machine?.disk?.folder ?? '?'}`] : []),
      ...(refusal === undefined ? [] : [`a write was refused: ${refusal}`]),
      ...logs.map((log) => `${log.file} holds ${Math.floor(log.bytes / mib)} MiB`),
    ];
    if (logs.length === 0) return { confidence: 0.97, evidence, next: `df -h ${shellWord(machine?.disk?.folder ?? '/')}` };
    return {
      confidence: 0.97,
      evidence,
      cure: {
        does: logs.map((log) => `empty ${log.file}`),
        run: async () => {
          for (const log of logs) truncateSync(log.file);
        },
      },
    };
  },
});
