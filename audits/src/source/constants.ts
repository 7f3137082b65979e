/** What is known before the first request: constants, what is made of them, and functions that only run while modules load. */
import ts from 'typescript-js-api';
import type { Program } from './program.ts';
import { bare, calledName, collect, declarationOf, functionAround, functionOf, isFunction, ownerOf } from './tree.ts';

type Func = NonNullable<ReturnType<typeof functionAround>>;

const depthMax = 24;
const literal = ts.TypeFlags.Literal | ts.TypeFlags.BooleanLiteral | ts.TypeFlags.Null | ts.TypeFlags.Undefined;

export interface Constants {
  isConstant(expression: ts.Expression): boolean;
}

/** `loadTime` says which files hold functions that put texts together while modules load. */
export function createConstants(program: Program, loadTime: (path: string) => boolean): Constants {
  const { checker } = program;
  const verdicts = new Map<ts.Node, boolean>();
  const runs = new Map<Func, boolean>();

  const isLiteralType = (node: ts.Node): boolean => {
    const type = checker.getTypeAtLocation(node);
    return (type.isUnion() ? type.types : [type]).every((part) => (part.flags & literal) !== 0);
  };

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

  /** True when a function may be called after the modules were loaded, with whatever a request brought. */
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
          .filter((one) => one !== name && one.text === name.text && !isImported(one) && declarationOf(one, checker) === named)
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

  function isConstant(expression: ts.Expression, depth = 0): boolean {
    const node = bare(expression);
    const known = verdicts.get(node);
    if (known !== undefined) return known;
    if (depth > depthMax) return false;
    verdicts.set(node, true); // A circle adds nothing.
    const verdict = judge(node, depth + 1);
    verdicts.set(node, verdict);
    return verdict;
  }

  function judge(node: ts.Expression, depth: number): boolean {
    const all = (parts: readonly ts.Expression[]) => parts.every((part) => isConstant(part, depth));
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || isFunction(node) || node.kind === ts.SyntaxKind.NullKeyword)
      return true;
    if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword || ts.isRegularExpressionLiteral(node))
      return true;
    if (ts.isTemplateExpression(node)) return all(node.templateSpans.map((span) => span.expression));
    if (ts.isBinaryExpression(node)) return all([node.left, node.right]);
    if (ts.isConditionalExpression(node)) return all([node.whenTrue, node.whenFalse]);
    if (ts.isPrefixUnaryExpression(node)) return all([node.operand]);
    if (ts.isSpreadElement(node)) return all([node.expression]);
    if (ts.isArrayLiteralExpression(node)) return all(node.elements);
    if (ts.isObjectLiteralExpression(node)) return node.properties.every((property) => isConstantProperty(property, depth));
    if (isLiteralType(node)) return true;
    if (ts.isIdentifier(node)) return isConstantName(node, depth);
    const owner = ownerOf(node);
    if (owner !== undefined) return isConstant(owner, depth);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return isConstantCall(node, depth);
    return false;
  }

  function isConstantProperty(property: ts.ObjectLiteralElementLike, depth: number): boolean {
    if (ts.isPropertyAssignment(property)) return isConstant(property.initializer, depth);
    if (ts.isSpreadAssignment(property)) return isConstant(property.expression, depth);
    if (ts.isShorthandPropertyAssignment(property)) return isConstant(property.name, depth);
    return true;
  }

  function isConstantCall(node: ts.CallExpression | ts.NewExpression, depth: number): boolean {
    const given = (node.arguments ?? []).every((argument) => isConstant(argument, depth));
    if (!given) return false;
    const owner = ownerOf(node.expression);
    if (functionOf(node.expression, checker) !== undefined) return true;
    if (owner !== undefined) return isConstant(owner, depth);
    if (!ts.isIdentifier(node.expression)) return false;
    if (/^(?:String|Number|Map|Set|Array|Object)$/.test(calledName(node) ?? '')) return true;
    return isConstantName(node.expression, depth);
  }

  function isConstantName(name: ts.Identifier, depth: number): boolean {
    if (/^(?:Object|Array|Number|Math|JSON|undefined|String)$/.test(name.text)) return true;
    if (name.text === 'process' || name.text === 'globalThis') return false;
    const symbol = ts.isShorthandPropertyAssignment(name.parent)
      ? checker.getShorthandAssignmentValueSymbol(name.parent)?.valueDeclaration
      : undefined;
    const declaration = symbol ?? declarationOf(name, checker);
    return declaration !== undefined && isConstantDeclaration(declaration, depth);
  }

  function isConstantDeclaration(declaration: ts.Declaration, depth: number): boolean {
    if (
      ts.isFunctionDeclaration(declaration) ||
      ts.isEnumDeclaration(declaration) ||
      ts.isModuleDeclaration(declaration) ||
      ts.isSourceFile(declaration)
    )
      return true;
    if (ts.isBindingElement(declaration)) {
      let outer: ts.Node = declaration.parent;
      while (ts.isObjectBindingPattern(outer) || ts.isArrayBindingPattern(outer) || ts.isBindingElement(outer)) outer = outer.parent;
      return isConstantDeclaration(outer as ts.Declaration, depth);
    }
    if (ts.isParameter(declaration)) return isFunction(declaration.parent) && !mayRunLater(declaration.parent);
    if (!ts.isVariableDeclaration(declaration)) return false;
    if (ts.isForOfStatement(declaration.parent.parent)) return isConstant(declaration.parent.parent.expression, depth);
    if ((ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) === 0) return isLocalText(declaration, depth);
    return declaration.initializer !== undefined && isConstant(declaration.initializer, depth);
  }

  /** A `let` inside a function that only runs while modules load, or that is only given constants. */
  function isLocalText(declaration: ts.VariableDeclaration, depth: number): boolean {
    const around = functionAround(declaration);
    if (around === undefined) return false;
    const writes = collect(around, ts.isBinaryExpression).filter(
      ({ left, operatorToken }) =>
        ts.isIdentifier(left) &&
        left.text === declaration.name.getText() &&
        operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
        operatorToken.kind <= ts.SyntaxKind.LastAssignment,
    );
    return [declaration.initializer, ...writes.map(({ right }) => right)].every((one) => one === undefined || isConstant(one, depth));
  }

  return { isConstant: (expression) => isConstant(expression) };
}

const isImported = (name: ts.Identifier) =>
  ts.isImportSpecifier(name.parent) || ts.isExportSpecifier(name.parent) || ts.isNamespaceImport(name.parent);
