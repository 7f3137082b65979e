/** Which functions of our code may stand behind a call. */
import ts from 'typescript-js-api';
import type { Program } from './program.ts';
import type { functionAround } from './tree.ts';
import { bare, functionOf, isFunction, memberName, nodesOf, ownerOf } from './tree.ts';

export type Func = NonNullable<ReturnType<typeof functionAround>>;

/** The declaration of the member that a call names, by the type of what stands before the dot. */
export function memberDeclarationOf(call: ts.CallExpression, checker: ts.TypeChecker): ts.Declaration | undefined {
  const callee = bare(call.expression);
  const [name, owner] = [memberName(callee), ownerOf(callee)];
  if (name === undefined || owner === undefined) return undefined;
  return checker.getPropertyOfType(checker.getTypeAtLocation(owner), name)?.declarations?.[0];
}

/** Gives the targets of a call: the function that it names, or through an interface all members of that name. */
export function createCallTargets(program: Program): (call: ts.CallExpression) => readonly Func[] {
  const { checker } = program;
  let implementations: ReadonlyMap<string, readonly Func[]> | undefined;
  return (call) => {
    const own = functionOf(call.expression, checker);
    if (own !== undefined) return [own];
    const declaration = memberDeclarationOf(call, checker);
    if (declaration === undefined || program.pathOf(declaration) === undefined) return [];
    if (!ts.isMethodSignature(declaration) && !ts.isPropertySignature(declaration)) return [];
    const type = ts.isInterfaceDeclaration(declaration.parent) ? declaration.parent.name.text : undefined;
    implementations ??= membersByName(program);
    const candidates = implementations.get(memberName(bare(call.expression)) ?? '') ?? [];
    return candidates.filter((func) => type === undefined || implementsType(func, type, checker));
  };
}

/** The object literal that holds a method is what its function, or its constant, is said to be. */
function implementsType(func: Func, type: string, checker: ts.TypeChecker): boolean {
  let node: ts.Node = ts.isMethodDeclaration(func) ? func.parent : func.parent.parent;
  while (ts.isParenthesizedExpression(node.parent) || ts.isAsExpression(node.parent) || ts.isSatisfiesExpression(node.parent))
    node = node.parent;
  if (!ts.isObjectLiteralExpression(node) && !ts.isExpression(node)) return false;
  const wanted = checker.getContextualType(node as ts.Expression);
  return (
    wanted === undefined ||
    [wanted, ...(wanted.isUnion() ? wanted.types : [])].some(
      ({ symbol, aliasSymbol }) => symbol?.name === type || aliasSymbol?.name === type,
    )
  );
}

function membersByName(program: Program): ReadonlyMap<string, readonly Func[]> {
  const implementations = new Map<string, Func[]>();
  for (const { path, tree } of program.files) {
    if (!path.startsWith('platform/src/')) continue;
    for (const node of nodesOf(tree)) {
      const member = ts.isMethodDeclaration(node)
        ? node
        : ts.isPropertyAssignment(node) && isFunction(node.initializer)
          ? node.initializer
          : undefined;
      const name = ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node) ? node.name.getText() : '';
      if (member === undefined || !isFunction(member)) continue;
      implementations.set(name, [...(implementations.get(name) ?? []), member]);
    }
  }
  return implementations;
}
