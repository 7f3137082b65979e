import { defineCause } from '../cause.ts';
import { shellWord } from '../shell-word.ts';

export default defineCause({
  id: 'state-unreadable',
  title: 'A state file of the stack cannot be read',
  explains: ['platform-stopped', 'secrets-lost'],
  judge: ({ machine, home }) => {
    const first = machine?.unreadable[0];
    if (machine === undefined || first === undefined) return undefined;
    const evidence = machine.unreadable.map(({ file, reason }) => `${file}: ${reason}`);
    const isSecrets = first.file === home.secretsFile;
    // A run file is made again by the next start; the secrets are not.
    const next = isSecrets
      ? `ls -l ${shellWord(first.file)}`
      : `mv ${shellWord(first.file)} ${shellWord(`${first.file}.aside`)} && npx sanctum-ops up`;
    return { confidence: 0.9, evidence, next };
  },
});
