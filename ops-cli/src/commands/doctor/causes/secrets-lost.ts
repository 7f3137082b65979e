import { existsSync } from 'node:fs';
import { defineCause } from '../cause.ts';
import { shellWord } from '../shell-word.ts';

export default defineCause({
  id: 'secrets-lost',
  title: "The database's password is lost",
  explains: ['platform-stopped', 'last-start-failed', 'database-unreachable', 'database-refuses'],
  judge: ({ machine, home }) => {
    const folder = machine?.lockedCluster;
    if (folder === undefined) return undefined;
    return {
      confidence: 0.96,
      evidence: [
        `${folder} holds a database`,
        `${home.secretsFile} ${existsSync(home.secretsFile) ? 'is incomplete' : 'is absent'}: put it back from a backup`,
        'without a backup: the page says how to begin anew beside the old data',
      ],
      // Nothing that moves data is proposed: the file may lie beside its place.
      next: `ls -la ${shellWord(home.folder)}`,
    };
  },
});
