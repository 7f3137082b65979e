import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { ignoredByCallee, ignoredByCatch, ignoredByHandler } from '../../src/source/error-handlers.ts';
import { nodesOf } from '../../src/source/tree.ts';

export default defineCodeCheck({
  id: 'code/ignored-error',
  title: 'Error caught and forgotten',
  area: 'failure-paths',
  severity: 'high',
  requirements: ['ARCH-02', 'REV-04'],
  where: () => true,
  look: ({ tree }, { checker }) => {
    const places: Place[] = [];
    for (const node of nodesOf(tree)) {
      if (ts.isCatchClause(node) && ignoredByCatch(node, checker))
        places.push({ node, detail: 'A catch after which nobody can tell that it failed: nothing is thrown, logged, kept or answered.' });
      if (!ts.isCallExpression(node)) continue;
      const handled = ignoredByHandler(node, checker);
      if (handled !== undefined)
        places.push({
          node: handled,
          detail: 'The handler of this promise turns a failure into what success may give as well, or into nothing.',
        });
      const dropped = ignoredByCallee(node, checker);
      if (dropped !== undefined) places.push(dropped);
    }
    return places;
  },
  risk: 'The first sign of a fault is swallowed.',
  impact: 'On-call engineers search where nothing was written down; users are told that nothing is there.',
  fix: 'Handle it, log it, or rethrow it with a cause; where it may be ignored, say why in a comment on that line.',
});
