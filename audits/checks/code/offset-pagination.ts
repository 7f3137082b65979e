import ts from 'typescript-js-api';
import { defineCodeCheck } from '../../src/source/code-check.ts';
import { templateText } from '../../src/source/sql-pieces.ts';
import { nodesOf, saysWhy } from '../../src/source/tree.ts';

const notSql = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g;
// "offset 0" skips nothing: it keeps the planner from merging a sub-select.
const skips = /\boffset\s+(?!0\b)[$(\d:a-z]/i;

function textOf(node: ts.Node): string | undefined {
  if (ts.isTemplateExpression(node)) return templateText(node);
  return ts.isStringLiteralLike(node) ? node.text : undefined;
}

export default defineCodeCheck({
  id: 'code/offset-pagination',
  title: 'List that skips rows by OFFSET',
  area: 'scale',
  severity: 'high',
  requirements: ['DB-10'],
  where: (path) => path.endsWith('.queries.ts'),
  look: ({ tree }) =>
    [...nodesOf(tree)]
      .filter((node) => skips.test((textOf(node) ?? '').replaceAll(notSql, ' ')) && !saysWhy(node))
      .map((node) => ({ node, detail: 'The statement reads and throws away every row of the pages before.' })),
  risk: 'The cost of a page grows with its number, and rows that come or go in between are shown twice or never.',
  impact: 'Deep pages time out; a crawler that walks them holds the pool.',
  fix: 'Continue behind the key of the last row (where (rank, id) < ($1, $2)); where what is skipped is bounded, say by what in a comment on the statement.',
});
