/** Small questions about a syntax tree. */
import ts from 'typescript-js-api';

/** Every node below and including `root`, parents first. */
export function* nodesOf(root: ts.Node): Generator<ts.Node> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    open.push(...children.toReversed());
  }
}

export const collect = <T extends ts.Node>(root: ts.Node, is: (node: ts.Node) => node is T): T[] => [...nodesOf(root)].filter(is);

/** Without parentheses, `as`, `satisfies`, `!` and `await`. */
export function bare(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAwaitExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

/** The name after the dot or the constant in the brackets. */
export function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) return node.argumentExpression.text;
  return undefined;
}

/** What stands before the dot or the brackets. */
export const ownerOf = (node: ts.Node): ts.Expression | undefined =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? node.expression : undefined;

/** The function that is called, by the last part of its name. */
export const calledName = (call: ts.CallExpression | ts.NewExpression): string | undefined =>
  ts.isIdentifier(call.expression) ? call.expression.text : memberName(call.expression);

export const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody } =>
  (ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)) &&
  node.body !== undefined;

/** The innermost function around a node. */
export function functionAround(node: ts.Node): ReturnType<typeof asFunction> {
  let parent = node.parent;
  while (parent !== undefined && !isFunction(parent)) parent = parent.parent;
  return asFunction(parent);
}
const asFunction = (node: ts.Node | undefined) => (node !== undefined && isFunction(node) ? node : undefined);

export function isInside(node: ts.Node, outer: ts.Node): boolean {
  for (let one: ts.Node | undefined = node; one !== undefined; one = one.parent) if (one === outer) return true;
  return false;
}

/** The statement (or member, or declaration) that a node belongs to. */
export function statementOf(node: ts.Node): ts.Node {
  let one = node;
  while (one.parent !== undefined && !ts.isStatement(one) && !ts.isClassElement(one)) one = one.parent;
  return one;
}

const directive = /^\W*(?:(?:ox|es)lint-|@ts-|(?:todo|fixme|xxx|hack)\b|prettier-|v8 |istanbul )/i;
const wordsMin = 3;

function isReason(text: string): boolean {
  if (directive.test(text)) return false;
  return (text.match(/[A-Za-z]{2,}/g) ?? []).length >= wordsMin;
}

/** Texts of the comments in front of a node, behind it on its last line, and inside it. */
export function commentsAt(node: ts.Node): string[] {
  const tree = node.getSourceFile();
  const ranges = [
    ...(ts.getLeadingCommentRanges(tree.text, node.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(tree.text, node.getEnd()) ?? []),
  ];
  return ranges.map(({ pos, end }) => tree.text.slice(pos, end));
}

/** True when a comment gives a reason: in front of the statement, behind it, or inside `inner`. */
export function saysWhy(node: ts.Node, inner: ts.Node = node): boolean {
  const statement = statementOf(node);
  const texts = [...commentsAt(statement), ...commentsInside(inner)];
  return texts.some(isReason);
}

export function commentsInside(node: ts.Node): string[] {
  const tree = node.getSourceFile();
  const texts = new Set<string>();
  for (const one of nodesOf(node)) {
    const places = [one.getFullStart(), one.getEnd()];
    if (ts.isBlock(one)) places.push(one.getStart(tree) + 1);
    for (const place of places) {
      for (const range of [
        ...(ts.getLeadingCommentRanges(tree.text, place) ?? []),
        ...(ts.getTrailingCommentRanges(tree.text, place) ?? []),
      ])
        if (range.pos >= node.getStart(tree) && range.end <= node.getEnd()) texts.add(tree.text.slice(range.pos, range.end));
    }
  }
  return [...texts];
}

/** The declaration that a name stands for, through imports; undefined for what is not declared here. */
export function declarationOf(name: ts.Node, checker: ts.TypeChecker): ts.Declaration | undefined {
  const found = checker.getSymbolAtLocation(name);
  if (found === undefined) return undefined;
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  return symbol.valueDeclaration ?? symbol.declarations?.[0];
}

/** The function that an expression is or names. */
export function functionOf(expression: ts.Expression, checker: ts.TypeChecker): ReturnType<typeof asFunction> {
  const inner = bare(expression);
  if (isFunction(inner)) return inner;
  if (!ts.isIdentifier(inner) && !ts.isPropertyAccessExpression(inner)) return undefined;
  const declaration = declarationOf(ts.isIdentifier(inner) ? inner : inner.name, checker);
  if (declaration === undefined) return undefined;
  if (isFunction(declaration)) return declaration;
  if ((ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)) && declaration.initializer !== undefined) {
    const value = bare(declaration.initializer);
    return asFunction(value);
  }
  return undefined;
}
