/** What an expression promises, judged by its type. */
import ts from 'typescript-js-api';

/** What a promise (or anything with `then`) gives; undefined for what is none. `any` is taken for a promise of `any`. */
export function promisedType(expression: ts.Expression, checker: ts.TypeChecker): ts.Type | undefined {
  const type = checker.getTypeAtLocation(expression);
  if (type.flags & ts.TypeFlags.Any) return type;
  if (checker.getPropertyOfType(checker.getApparentType(type), 'then') === undefined) return undefined;
  return checker.getAwaitedType(type);
}

const nothing = ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never;

export const isNothing = (type: ts.Type): boolean => (type.flags & nothing) !== 0;

const partsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);

const emptyCalls = new Set(['Map', 'Set', 'Array', 'Object']);

/** The kind of a value that says nothing: `undefined`, `null`, an empty list, text or object, 0, false. */
export function emptiness(value: ts.Expression | undefined): 'nullish' | 'list' | 'object' | 'text' | 'number' | 'false' | undefined {
  if (value === undefined) return 'nullish';
  if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value)) return emptiness(value.expression);
  if (value.kind === ts.SyntaxKind.NullKeyword || ts.isVoidExpression(value)) return 'nullish';
  if (ts.isIdentifier(value) && value.text === 'undefined') return 'nullish';
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0 ? 'list' : undefined;
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0 ? 'object' : undefined;
  if (ts.isNewExpression(value) && ts.isIdentifier(value.expression) && emptyCalls.has(value.expression.text))
    return (value.arguments?.length ?? 0) === 0 ? 'object' : undefined;
  if (ts.isStringLiteralLike(value)) return value.text === '' ? 'text' : undefined;
  if (ts.isNumericLiteral(value)) return Number(value.text) === 0 ? 'number' : undefined;
  return value.kind === ts.SyntaxKind.FalseKeyword ? 'false' : undefined;
}

/** True when success may give that empty value as well, so that nobody can tell a failure from it. */
export function mayGive(type: ts.Type, empty: ReturnType<typeof emptiness>, checker: ts.TypeChecker): boolean {
  const is: Record<NonNullable<typeof empty>, (part: ts.Type) => boolean> = {
    nullish: (part) => (part.flags & (nothing | ts.TypeFlags.Null)) !== 0,
    list: (part) => checker.isArrayType(part),
    object: (part) =>
      ['Map', 'Set', 'ReadonlyMap', 'ReadonlySet', 'Record'].includes(part.symbol?.name ?? '') || part.getStringIndexType() !== undefined,
    text: (part) => (part.flags & ts.TypeFlags.String) !== 0,
    number: (part) => (part.flags & ts.TypeFlags.Number) !== 0,
    false: (part) => part === checker.getFalseType() || (part.flags & ts.TypeFlags.Boolean) !== 0,
  };
  if (empty === undefined || type.flags & ts.TypeFlags.Any) return false;
  return partsOf(type).some(is[empty]);
}
