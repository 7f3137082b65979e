import { defineCause } from '../cause.ts';
import { shellWord } from '../shell-word.ts';

export default defineCause({
  id: 'postgres-half-initialised',
  title: "PostgreSQL's data folder is not a complete cluster",
  explains: ['database-unreachable', 'last-start-failed', 'platform-not-ready', 'platform-stopped', 'platform-ended'],
  judge: ({ postgres }) =>
    postgres?.state !== 'half-initialised'
      ? undefined
      : {
          confidence: 0.97,
          evidence: [`${postgres.dataDir} holds files, but not the ones of a cluster`],
          next: `mv ${shellWord(postgres.dataDir)} ${shellWord(`${postgres.dataDir}.aside`)} && npx sanctum-ops up`,
        },
});
