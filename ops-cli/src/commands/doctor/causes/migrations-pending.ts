import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'migrations-pending',
  title: 'Migrations are not applied yet',
  explains: ['platform-not-ready', 'last-start-failed'],
  judge: ({ migrations }) => {
    const pending = migrations?.pending ?? [];
    if (pending.length === 0) return undefined;
    return {
      confidence: 0.8,
      evidence: [`${pending.length} pending, the first is ${pending[0] ?? ''}`],
      next: 'npx sanctum-ops migrate up',
    };
  },
});
