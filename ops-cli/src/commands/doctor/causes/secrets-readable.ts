import { defineCause } from '../cause.ts';
import { shellWord } from '../shell-word.ts';

export default defineCause({
  id: 'secrets-readable',
  title: 'Other users may read the secrets',
  judge: ({ machine, home }) =>
    machine?.openMode === undefined
      ? undefined
      : {
          confidence: 0.3,
          evidence: [`${home.secretsFile} has mode ${machine.openMode}`],
          next: `chmod 600 ${shellWord(home.secretsFile)}`,
        },
});
