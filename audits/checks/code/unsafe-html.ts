import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { bare, calledName, collect, memberName, nodesOf } from '../../src/source/tree.ts';

const assigned = new Set(['innerHTML', 'outerHTML', 'srcdoc']);
const calls = new Set(['insertAdjacentHTML', 'write', 'writeln', 'createContextualFragment', 'setHTMLUnsafe', 'parseHTMLUnsafe']);
const scriptAddress = /^\s*(?:javascript|vbscript):|^\s*data:text\/html/i;
/** What the server rendered and cleaned carries it in its name. */
const cleaned = /^(?:html|\w+Html)$/;

function isCleaned(value: ts.Node | undefined): boolean {
  const given =
    value === undefined ? undefined : collect(value, ts.isPropertyAssignment).find((one) => one.name.getText() === '__html')?.initializer;
  if (given === undefined) return false;
  const inner = bare(given);
  const name = memberName(inner) ?? (ts.isIdentifier(inner) ? inner.text : undefined);
  return name !== undefined && cleaned.test(name);
}

function placeOf(node: ts.Node): Place | undefined {
  if (ts.isJsxAttribute(node)) {
    const name = node.name.getText();
    const element = node.parent.parent;
    if (name === 'dangerouslySetInnerHTML' && !isCleaned(node.initializer))
      return { node: element, detail: 'HTML that the server did not clean is put into the page.' };
    if (name === 'srcDoc') return { node: element, detail: 'A document from text is put into a frame of the page.' };
    if (
      node.initializer !== undefined &&
      [...nodesOf(node.initializer)].some((one) => ts.isStringLiteralLike(one) && scriptAddress.test(one.text))
    )
      return { node: element, detail: `The ${name} of an element runs a script.` };
    return undefined;
  }
  if (ts.isPropertyAssignment(node) && memberText(node) === 'dangerouslySetInnerHTML' && !isCleaned(node.initializer))
    return { node: node.parent, detail: 'HTML that the server did not clean is put into the page by a property that is spread.' };
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  ) {
    const member = memberName(node.left) ?? '';
    if (assigned.has(member)) return { node, detail: `Text is parsed as HTML by ${member}.` };
    if (ts.isStringLiteralLike(node.right) && scriptAddress.test(node.right.text)) return { node, detail: `${member} runs a script.` };
  }
  if (!ts.isCallExpression(node)) return undefined;
  if (calledName(node) === 'assign') {
    const field = collect(node, ts.isPropertyAssignment).find((one) => assigned.has(memberText(one)));
    if (field !== undefined) return { node, detail: `Text is parsed as HTML by ${memberText(field)}.` };
  }
  const name = calledName(node) ?? '';
  const isWrite = name !== 'write' && name !== 'writeln' ? true : /document/.test(node.expression.getText());
  return calls.has(name) && isWrite ? { node, detail: `Text is parsed as HTML by ${name}.` } : undefined;
}

const memberText = (node: ts.PropertyAssignment) => (ts.isStringLiteralLike(node.name) ? node.name.text : node.name.getText());

export default defineCodeCheck({
  id: 'code/unsafe-html',
  title: 'Text of people parsed as HTML',
  area: 'security',
  severity: 'critical',
  requirements: ['SEC-07', 'REV-04'],
  where: (path) => path.startsWith('platform/web/src/'),
  look: ({ tree }) => [...nodesOf(tree)].map(placeOf).filter((place) => place !== undefined),
  risk: 'A post or a name can carry a script that runs as whoever reads it.',
  impact: 'Readers act without wanting to: they like, write and give away what their account may see.',
  fix: 'Render text as text; show only HTML that the server cleaned (bodyHtml).',
});
