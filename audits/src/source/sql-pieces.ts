/** Places where the text of a statement is put together. */
import ts from 'typescript-js-api';
import { bare, calledName, collect, ownerOf } from './tree.ts';

const word =
  '(?:select|insert into|update|delete from|with|from|where|and|or|order by|group by|having|limit|offset|join|left join|cross join|inner join|values|set|returning|union|union all|on conflict|merge into|create|alter|drop|truncate|copy|do|call)';
const begins = new RegExp(`^\\s*\\(?(?:${word}|${word.toUpperCase()})\\b`);
const holds = /\s(?:from|where|order by|limit|values|set|returning|FROM|WHERE|ORDER BY|LIMIT|VALUES|SET|RETURNING)(?:\s|$)/;
const prose = /^\s*[A-Z][a-z]/;

/** True for a constant piece of text that is written in SQL. */
export const isSqlPiece = (text: string): boolean => !prose.test(text) && (begins.test(text) || holds.test(text));

export const templateText = (node: ts.TemplateExpression): string =>
  [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('$1');

/** The constant texts inside an expression, without those of nested calls' functions. */
const textsOf = (node: ts.Node): string[] => collect(node, ts.isStringLiteralLike).map((one) => one.text);

export interface Joined {
  readonly node: ts.Node;
  readonly parts: readonly ts.Expression[];
}

/** An expression that puts a statement together, with its parts; undefined for every other one. */
export function joinedSql(node: ts.Node): Joined | undefined {
  if (ts.isTemplateExpression(node))
    return isSqlPiece(templateText(node)) ? { node, parts: node.templateSpans.map((span) => span.expression) } : undefined;
  if (ts.isBinaryExpression(node)) return joinedByPlus(node);
  if (!ts.isCallExpression(node)) return undefined;
  const name = calledName(node);
  const owner = ownerOf(node.expression);
  if (name === 'format' || name === 'sprintf') return textsOf(node).some(isSqlPiece) ? { node, parts: node.arguments } : undefined;
  if (owner === undefined) return undefined;
  if (name === 'join') {
    const list = bare(owner);
    return ts.isArrayLiteralExpression(list) && list.elements.some((one) => ts.isStringLiteralLike(one) && isSqlPiece(one.text))
      ? { node, parts: list.elements }
      : undefined;
  }
  if (name === 'concat') return textsOf(node).some(isSqlPiece) ? { node, parts: [owner, ...node.arguments] } : undefined;
  return undefined;
}

function joinedByPlus(node: ts.BinaryExpression): Joined | undefined {
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.PlusEqualsToken) return joinedText(node.right) ? { node, parts: [node.right] } : undefined;
  if (kind !== ts.SyntaxKind.PlusToken || (ts.isBinaryExpression(node.parent) && node.parent.operatorToken.kind === kind)) return undefined;
  const parts: ts.Expression[] = [];
  const visit = (one: ts.Expression): void => {
    const inner = bare(one);
    if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      visit(inner.left);
      visit(inner.right);
    } else parts.push(inner);
  };
  visit(node);
  return parts.some((part) => ts.isStringLiteralLike(part) && isSqlPiece(part.text)) ? { node, parts } : undefined;
}

const joinedText = (node: ts.Expression): boolean =>
  ts.isStringLiteralLike(node) ? isSqlPiece(node.text) : ts.isTemplateExpression(node) && isSqlPiece(templateText(node));
