import { defineCause } from '../cause.ts';

const portMax = 65_535;

export default defineCause({
  id: 'port-taken',
  title: 'The port is taken by somebody else',
  explains: ['last-start-failed', 'platform-stopped', 'platform-ended'],
  judge: ({ machine }) => {
    const taken = machine?.portOwner;
    if (taken === undefined) return undefined;
    return {
      title: `Port ${taken.port} is taken by somebody else`,
      confidence: 0.92,
      evidence: [`port ${taken.port} belongs to ${taken.owner}`],
      next: `npx sanctum-ops up --port ${taken.port === portMax ? 8_376 : taken.port + 1}`,
    };
  },
});
