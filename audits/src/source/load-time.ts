/** Which functions only run while modules load. */
import ts from 'typescript-js-api';
import type { Func } from './call-targets.ts';
import type { Program } from './program.ts';
import { collect, declarationOf, functionAround } from './tree.ts';

export interface LoadTimeDependencies {
  readonly program: Program;
  /** Which files hold functions that put texts together while modules load. */
  readonly loadTime: (path: string) => boolean;
  readonly isConstant: (expression: ts.Expression) => boolean;
}

/** Gives the question whether a function may be called after the modules were loaded, with whatever a request brought. */
export function createLoadTime({ program, loadTime, isConstant }: LoadTimeDependencies): (func: Func) => boolean {
  const runs = new Map<Func, boolean>();

  function mayRunLater(func: Func): boolean {
    const known = runs.get(func);
    if (known !== undefined) return known;
    // Elsewhere functions are what requests run; only files of queries put texts together while they load.
    if (!loadTime(program.pathOf(func) ?? '')) return true;
    runs.set(func, false);
    const named = namedBy(func);
    const around = functionAround(named ?? func);
    const later =
      named?.name === undefined || !ts.isIdentifier(named.name)
        ? around !== undefined && mayRunLater(around)
        : isUsedLater(named, named.name);
    runs.set(func, later);
    return later;
  }

  function isUsedLater(named: ts.NamedDeclaration, name: ts.Identifier): boolean {
    const uses = program.files
      .filter(({ tree }) => tree.text.includes(name.text))
      .flatMap(({ path, tree }) =>
        collect(tree, ts.isIdentifier)
          .filter((one) => one !== name && one.text === name.text && !isImported(one) && declarationOf(one, program.checker) === named)
          .map((node) => ({ path, node })),
      );
    const isPublic =
      ts.isVariableDeclaration(named) || ts.isFunctionDeclaration(named)
        ? (ts.getCombinedModifierFlags(named) & ts.ModifierFlags.Export) !== 0
        : true;
    if (uses.length === 0) return isPublic;
    return uses.some(({ path, node }) => {
      const around = functionAround(node);
      if (around === undefined) return false;
      const call = ts.isCallExpression(node.parent) && node.parent.expression === node ? node.parent : undefined;
      if (call !== undefined && call.arguments.every((argument) => isConstant(argument))) return false;
      return !loadTime(path) || mayRunLater(around);
    });
  }

  return mayRunLater;
}

/** How a function is called by others: its own name, or that of the constant or property that holds it. */
function namedBy(func: Func): ts.NamedDeclaration | undefined {
  if (ts.isFunctionDeclaration(func)) return func;
  const { parent } = func;
  if (ts.isVariableDeclaration(parent)) return parent;
  const member = ts.isMethodDeclaration(func) ? func : ts.isPropertyAssignment(parent) ? parent : undefined;
  if (member === undefined) return undefined;
  let holder: ts.Node = member.parent;
  while (
    ts.isObjectLiteralExpression(holder) ||
    ts.isAsExpression(holder) ||
    ts.isSatisfiesExpression(holder) ||
    ts.isPropertyAssignment(holder)
  )
    holder = holder.parent;
  return ts.isVariableDeclaration(holder) || ts.isReturnStatement(holder) || ts.isArrowFunction(holder) ? member : undefined;
}

const isImported = (name: ts.Identifier) =>
  ts.isImportSpecifier(name.parent) || ts.isExportSpecifier(name.parent) || ts.isNamespaceImport(name.parent);
