import { Visitor } from 'oxc-parser';
import { defineCheck, fingerprint, type Finding } from '../../src/check.ts';
import { hasComment, isTest, serverSources, type SourceFile } from '../../src/source/typescript.ts';

interface Place {
  readonly offset: number;
  readonly what: string;
}

/** Handlers of errors that do nothing and do not say why; `examined` counts all handlers of errors. */
function errorHandlers(file: SourceFile): { examined: number; ignored: Place[] } {
  let examined = 0;
  const ignored: Place[] = [];
  const look = (body: { start: number; end: number; body: readonly unknown[] }, what: string) => {
    examined += 1;
    if (body.body.length === 0 && !hasComment(file, body.start, body.end)) ignored.push({ offset: body.start, what });
  };
  new Visitor({
    CatchClause: (node) => look(node.body, 'An empty catch'),
    CallExpression: (node) => {
      if (node.callee.type !== 'MemberExpression' || node.callee.property.type !== 'Identifier' || node.callee.property.name !== 'catch')
        return;
      const handler = node.arguments[0];
      if (handler?.type === 'ArrowFunctionExpression' && handler.body.type === 'BlockStatement')
        look(handler.body, 'A .catch that does nothing');
      else examined += 1;
    },
  }).visit(file.tree.program);
  return { examined, ignored };
}

export default defineCheck({
  id: 'code/ignored-error',
  title: 'Error caught and forgotten',
  area: 'failure-paths',
  severity: 'high',
  needs: ['repository'],
  requirements: ['ARCH-02', 'REV-04'],
  timeoutMs: 20_000,
  run: async ({ repository }) => {
    const sources = (await serverSources(repository)).filter((file) => !isTest(file.path));
    let examined = 0;
    const findings: Finding[] = [];
    for (const file of sources) {
      const found = errorHandlers(file);
      examined += found.examined;
      for (const [index, place] of found.ignored.entries()) {
        findings.push({
          subject: file.path,
          detail: `${place.what}: the error is neither handled nor logged, and no comment says why.`,
          location: `${file.path}:${file.lineOf(place.offset)}`,
          risk: 'The first sign of a fault is swallowed.',
          impact: 'On-call engineers search where nothing was written down.',
          fix: 'Handle it, log it, or rethrow it with a cause; where it may be ignored, say why in a comment on that line.',
          fingerprint: fingerprint('ignored', file.path, String(index)),
        });
      }
    }
    return { examined, findings };
  },
});
