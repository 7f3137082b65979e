import { defineCheck, fingerprint } from '../../src/check.ts';
import { commentsOf } from '../../src/source/comments.ts';

const begins = /^(?:(?:TODO|FIXME|XXX|HACK)\b|(?:todo|fixme|xxx|hack)(?:\s*\(.*?\))?\s*[:!])/i;
const isShout = /\b(?:TODO|FIXME|XXX|HACK)\b/;
const tracker = /#\d+|https?:\/\//;

export default defineCheck({
  id: 'code/todo-without-tracker',
  title: 'Postponed work that nobody tracks',
  area: 'operations',
  severity: 'low',
  needs: ['repository'],
  requirements: ['ARCH-02'],
  timeoutMs: 60_000,
  run: async ({ repository }) => {
    const { files, comments } = await commentsOf(repository);
    const findings = comments
      .filter(({ text }) => (begins.test(text) || isShout.test(text)) && !tracker.test(text))
      .map(({ path, line, text }) => ({
        subject: path,
        detail: `The comment "${text.slice(0, 80)}" postpones work, and no issue holds it.`,
        location: `${path}:${line}`,
        risk: 'What is only written in a comment is done by nobody.',
        impact: 'Known faults stay until they are met in production.',
        fix: 'Do it now, or file it and name the issue: TODO(#42): …',
        fingerprint: fingerprint('todo', path, text),
      }));
    return { examined: files, findings };
  },
});
