import { defineCause } from '../cause.ts';
import { shellWord } from '../shell-word.ts';

export default defineCause({
  id: 'postgres-password-refused',
  title: 'PostgreSQL refuses the password of secrets.env',
  explains: ['database-refuses', 'last-start-failed', 'platform-stopped'],
  judge: ({ postgres, home }) =>
    postgres?.state !== 'password-refused'
      ? undefined
      : {
          confidence: 0.95,
          evidence: [postgres.detail ?? '', `cure: ${postgres.fix ?? ''}`],
          next: `ls -l ${shellWord(home.secretsFile)}*`,
        },
});
