import { defineCause } from '../cause.ts';

export default defineCause({
  id: 'packages-missing',
  title: 'Packages are not installed completely',
  judge: ({ machine }) =>
    machine === undefined || machine.missingPackages.length === 0
      ? undefined
      : { confidence: 0.8, evidence: machine.missingPackages.map((path) => `${path} is absent`), next: 'make install' },
});
