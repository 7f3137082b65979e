import { loadModule } from 'libpg-query';
import { defineCheck, fingerprint } from '../../src/check.ts';
import { sqlLiterals } from '../../src/source/sql-text.ts';
import { isTest, serverSources } from '../../src/source/typescript.ts';

// SQL stands in *.queries.ts, in migrations/sql and in the audits, which read catalogues and not our data.
const examinedFolders = ['platform/src/', 'platform/local/', 'migrations/src/', 'ops-cli/'];

export default defineCheck({
  id: 'postgres/sql-outside-catalogue',
  title: 'SQL outside the query catalogue',
  area: 'scale',
  severity: 'high',
  needs: ['repository'],
  requirements: ['DB-01', 'ARCH-01', 'REV-04'],
  timeoutMs: 20_000,
  async run({ repository }) {
    await loadModule();
    const sources = (await serverSources(repository)).filter(
      ({ path }) => examinedFolders.some((folder) => path.startsWith(folder)) && !path.endsWith('.queries.ts') && !isTest(path),
    );
    const findings = sources.flatMap((file) =>
      sqlLiterals(file).map((literal) => {
        const statement = literal.text.replace(/\s+/g, ' ').replaceAll('\u0001', '${…}').trim();
        const shown = statement.length > 100 ? `${statement.slice(0, 99)}…` : statement;
        const queries = file.path.replace(/(\.(repository|service|handlers))?\.ts$/, '.queries.ts');
        return {
          subject: file.path,
          detail: `The statement "${shown}" stands outside the catalogue, where no audit explains it, no metric names it and no budget holds it.`,
          location: `${file.path}:${file.lineOf(literal.offset)}`,
          risk: 'It may read a whole table, or carry a value in its text, and no check would see it.',
          impact: 'When it is slow, logs, metrics and pg_stat_activity show it without a name.',
          fix: `Move it to ${queries} as an entry of defineQuery({ name, access, params, text, usesIndex, … }), and run it by that entry.`,
          fingerprint: fingerprint('sql-outside-catalogue', file.path, statement),
        };
      }),
    );
    return { examined: sources.length, findings };
  },
});
