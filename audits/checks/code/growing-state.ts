import { defineCodeCheck } from '../../src/source/code-check.ts';
import { growingState } from '../../src/source/growing-state.ts';

export default defineCodeCheck({
  id: 'code/growing-state',
  title: 'State that only grows',
  area: 'resources',
  severity: 'high',
  requirements: ['ARCH-02', 'REV-04'],
  where: (path) => path.startsWith('platform/src/') || path.startsWith('platform/web/src/'),
  look: growingState,
  risk: 'Every request leaves something behind; under keys that a stranger chooses, one account can fill the memory.',
  impact: 'The process slows down for days and ends when it is out of memory, at the busiest hour.',
  fix: 'Give it a cap (compare its size before adding, or use the LRU cache with max) or take out what is over; where its keys are few by nature, say so in a comment on its declaration: "Bounded: one entry per …".',
});
