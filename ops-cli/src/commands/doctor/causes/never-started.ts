import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'never-started',
  title: 'Sanctum was never started here',
  judge: ({ machine, home }) =>
    machine === undefined || machine.isHomeThere
      ? undefined
      : { confidence: 0.9, evidence: [`${home.folder} does not exist`], next: 'npx sanctum-ops up' },
});
