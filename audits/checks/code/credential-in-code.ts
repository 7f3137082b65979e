import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { bare, calledName, declarationOf, memberName, nodesOf, ownerOf } from '../../src/source/tree.ts';

const secretName =
  /(?:^|[a-z_])(?:password|passwd|passphrase|secret|secretKey|api_?key|access_?key|private_?key|signing_?key|token|credentials?|authorization)$/i;
const placeholder = /change|example|placeholder|your|dummy|redacted|[<>{}$]|x{4}|\*{3}|\.\.\./i;
const code = /^[a-z_]+(?:[./:][a-z_0-9]+)+$/i;
const url = /[a-z]+:\/\/[^\s:@/]*:(?=[^\s@]*\d)([^\s@/]{8,})@/i;
const lengthMin = 8;
const depthMax = 8;

/** The text that an expression has whatever happens; undefined when that is not known. */
function textOf(expression: ts.Expression, checker: ts.TypeChecker, depth = 0): string | undefined {
  if (depth > depthMax) return undefined;
  const node = bare(expression);
  const next = (one: ts.Expression) => textOf(one, checker, depth + 1);
  const joined = (parts: readonly (string | undefined)[], by = '') =>
    parts.every((part) => part !== undefined) ? parts.join(by) : undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return joined([node.head.text, ...node.templateSpans.flatMap((span) => [next(span.expression), span.literal.text])]);
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.PlusToken) return joined([next(node.left), next(node.right)]);
    return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken ? next(node.right) : undefined;
  }
  if (ts.isConditionalExpression(node)) return next(node.whenTrue) ?? next(node.whenFalse);
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node, checker);
    return declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined
      ? next(declaration.initializer)
      : undefined;
  }
  return ts.isCallExpression(node) ? calledText(node, next) : undefined;
}

function calledText(node: ts.CallExpression, next: (one: ts.Expression) => string | undefined): string | undefined {
  const name = calledName(node);
  const owner = ownerOf(node.expression);
  const [first, second] = node.arguments;
  if (name === 'atob' && first !== undefined) return decoded(next(first), 'base64');
  if (owner === undefined) return undefined;
  if (name === 'from' && owner.getText() === 'Buffer' && first !== undefined)
    return decoded(next(first), second === undefined ? 'utf8' : next(second));
  if (name === 'toString' || name === 'trim') return next(owner);
  if (name === 'concat') return [owner, ...node.arguments].map(next).join('');
  const list = bare(owner);
  if (name !== 'join' || !ts.isArrayLiteralExpression(list)) return undefined;
  const parts = list.elements.map(next);
  return parts.includes(undefined) ? undefined : parts.join(first === undefined ? ',' : next(first));
}

const encodings = ['utf8', 'base64', 'base64url', 'hex', 'latin1'] as const;
const decoded = (text: string | undefined, encoding: string | undefined): string | undefined => {
  const known = encodings.find((one) => one === encoding);
  return text === undefined || known === undefined ? undefined : Buffer.from(text, known).toString();
};

function isCredential(text: string): boolean {
  const value = text.replace(/^(?:Bearer|Basic) /, '');
  return (
    value.length >= lengthMin &&
    !/\s/.test(value) &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !placeholder.test(value) &&
    !code.test(value)
  );
}

/** A name and the value that it gets. */
function given(node: ts.Node): { name: string; value: ts.Expression } | undefined {
  if (ts.isPropertyAssignment(node))
    return { name: ts.isStringLiteralLike(node.name) ? node.name.text : node.name.getText(), value: node.initializer };
  if (
    (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isPropertyDeclaration(node)) &&
    node.initializer !== undefined
  )
    return { name: node.name.getText(), value: node.initializer };
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return { name: ts.isIdentifier(node.left) ? node.left.text : (memberName(node.left) ?? ''), value: node.right };
  return undefined;
}

function placeOf(node: ts.Node, checker: ts.TypeChecker): Place | undefined {
  const found = given(node);
  if (found === undefined || ts.isArrowFunction(bare(found.value))) return undefined;
  const text = textOf(found.value, checker);
  if (text === undefined) return undefined;
  if (secretName.test(found.name) && isCredential(text))
    return { node, detail: `"${found.name}" is given a value in the code that looks like a credential.` };
  const password = url.exec(text)?.[1];
  return password !== undefined && !placeholder.test(password)
    ? { node, detail: `"${found.name}" is an address with a password in it.` }
    : undefined;
}

export default defineCodeCheck({
  id: 'code/credential-in-code',
  title: 'Credential written into the code',
  area: 'security',
  severity: 'critical',
  requirements: ['SEC-10', 'REV-04'],
  where: () => true,
  look: ({ tree }, { checker }) => [...nodesOf(tree)].map((node) => placeOf(node, checker)).filter((place) => place !== undefined),
  risk: 'Everyone who can read the repository, now or in its history, holds the credential, and every deployment has the same one.',
  impact: 'Accounts, data and servers behind it.',
  fix: 'Revoke it where it was issued, then read it from the environment or a *_FILE (npx sanctum-ops config explain); give no default.',
});
