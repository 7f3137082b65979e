import { defineCheck, fingerprint } from '../../src/check.ts';
import { commentsOf } from '../../src/source/comments.ts';

const directive =
  /^(?:(?:es|ox)lint-disable(?:-next-line|-line)?|@ts-(?:ignore|nocheck|expect-error)|oxfmt-ignore|prettier-ignore|(?:v8|c8|istanbul) ignore)\b(.*)$/;
const wordsMin = 3;

/** What stands behind `--` (or behind the directive of the compiler) has to be a sentence. */
function hasReason(rest: string, isCompiler: boolean): boolean {
  const reason = rest.includes('--') ? rest.slice(rest.indexOf('--') + 2) : isCompiler ? rest : '';
  return (reason.match(/[A-Za-z]{2,}/g) ?? []).length >= wordsMin;
}

export default defineCheck({
  id: 'code/gate-silenced',
  title: 'Gate silenced without a reason',
  area: 'tests',
  severity: 'medium',
  needs: ['repository'],
  requirements: ['ARCH-02', 'ARCH-03'],
  timeoutMs: 60_000,
  run: async ({ repository }) => {
    const { files, comments } = await commentsOf(repository);
    const findings = comments.flatMap(({ path, line, text }) => {
      const found = directive.exec(text);
      if (found === null || hasReason(found[1] ?? '', text.startsWith('@ts-'))) return [];
      return [
        {
          subject: path,
          detail: `"${text.slice(0, 80)}" silences a gate and does not say why.`,
          location: `${path}:${line}`,
          risk: 'The next fault on that line passes every gate.',
          impact: 'Reviewers believe in a green gate that did not look.',
          fix: 'Mend what the gate found, or give the reason behind the directive: oxlint-disable-next-line <rule> -- <reason>.',
          fingerprint: fingerprint('silenced', path, text),
        },
      ];
    });
    return { examined: files, findings };
  },
});
