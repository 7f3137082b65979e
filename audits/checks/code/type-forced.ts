import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { bare, calledName, nodesOf, ownerOf, saysWhy } from '../../src/source/tree.ts';

const validates = /^(?:parse|safeParse|parseAsync|decode|assert\w*|validate|is[A-Z]\w*|String|Number|Boolean)$/;

/** What was thrown has no type: it is looked at field by field. */
const isError = (node: ts.Expression) =>
  /^(?:e|err|error|cause|reason|failure|\w+Error|\w+\.(?:cause|reason|error))$/.test(bare(node).getText());

/** True for an object type whose fields are all unknown, as a first look at a value needs. */
function isFirstLook(node: ts.TypeNode): boolean {
  if (node.kind === ts.SyntaxKind.UnknownKeyword) return true;
  if (ts.isTypeReferenceNode(node) && /^(?:Readonly|Partial|Record)$/.test(node.typeName.getText()))
    return isFirstLook(node.typeArguments?.at(-1) ?? node);
  return (
    ts.isTypeLiteralNode(node) &&
    node.members.every((one) => ts.isPropertySignature(one) && one.type?.kind === ts.SyntaxKind.UnknownKeyword)
  );
}

function forced(node: ts.AsExpression | ts.TypeAssertion, checker: ts.TypeChecker): string | undefined {
  const { kind } = node.type;
  if (kind === ts.SyntaxKind.NeverKeyword || kind === ts.SyntaxKind.AnyKeyword)
    return `"as ${node.type.getText()}" switches the compiler off for this value.`;
  let inner: ts.Expression = node.expression;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  if (
    (ts.isAsExpression(inner) || ts.isTypeAssertionExpression(inner)) &&
    (inner.type.kind === ts.SyntaxKind.UnknownKeyword || inner.type.kind === ts.SyntaxKind.AnyKeyword)
  )
    return 'A value is forced into a type that it does not have, by way of unknown.';
  if (kind === ts.SyntaxKind.UnknownKeyword || ts.isConstTypeReference(node.type) || isFirstLook(node.type) || isError(inner))
    return undefined;
  const value = bare(inner);
  if (ts.isCallExpression(value) && isJsonParse(value)) return 'Parsed text is called a type that nobody checked.';
  // Packages that are not resolved are `any` here; a declared `unknown` is what was hidden.
  return ts.isIdentifier(value) && checker.getTypeAtLocation(value).flags & ts.TypeFlags.Unknown
    ? 'A value of unknown type is called a type that nobody checked.'
    : undefined;
}

const isJsonParse = (node: ts.CallExpression) => calledName(node) === 'parse' && ownerOf(node.expression)?.getText() === 'JSON';

/** `JSON.parse` gives `any`: what it flows into believes anything. */
function untyped(node: ts.CallExpression, checker: ts.TypeChecker): string | undefined {
  if (!isJsonParse(node)) return undefined;
  const { parent } = node;
  if (ts.isAsExpression(parent) || ts.isExpressionStatement(parent)) return undefined;
  if (ts.isCallExpression(parent) && validates.test(calledName(parent) ?? '')) return undefined;
  const wanted = checker.getContextualType(node);
  if (wanted !== undefined && wanted.flags & ts.TypeFlags.Unknown) return undefined;
  return 'Parsed text is used as it comes: the compiler believes whatever stands in it.';
}

function placeOf(node: ts.Node, checker: ts.TypeChecker): Place | undefined {
  const detail =
    ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)
      ? forced(node, checker)
      : ts.isCallExpression(node)
        ? untyped(node, checker)
        : undefined;
  return detail === undefined || saysWhy(node) ? undefined : { node, detail };
}

export default defineCodeCheck({
  id: 'code/type-forced',
  title: 'Value forced into a type',
  area: 'tests',
  severity: 'medium',
  requirements: ['ARCH-02', 'SEC-07'],
  where: (path) => /^platform\/src\/(?:features|http|redis|jobs|db)\//.test(path),
  look: ({ tree }, { checker }) => [...nodesOf(tree)].map((node) => placeOf(node, checker)).filter((place) => place !== undefined),
  risk: 'What the compiler was told is not what is there: a missing field is met far away from where it was lost.',
  impact: 'Errors that name the wrong place, and checks of input that are passed by.',
  fix: 'Parse it with its shape (zod), or narrow it; where a library leaves no other way, say so in a comment on the statement.',
});
