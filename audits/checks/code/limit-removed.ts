import ts from 'typescript-js-api';
import { defineCodeCheck, type Place } from '../../src/source/code-check.ts';
import { bare, calledName, memberName, nodesOf } from '../../src/source/tree.ts';

const limit =
  /^(?:points|perSecond|perMinute|perHour|rate|limit|bodyLimit|maxPayload|maxConnections|max|statementsMax|\w+(?:Max|Limit|LimitBytes|BytesMax))$/;
const timeout =
  /^(?:requestTimeout|headersTimeout|keepAliveTimeout|connectionTimeout|handlerTimeout|socketTimeout|timeout|statement_timeout|lock_timeout|query_timeout|idle_in_transaction_session_timeout|connectionTimeoutMillis|commandTimeout|connectTimeout|maxPayload|\w+TimeoutMs)$/;
const endless = /^(?:Number\.)?(?:Infinity|POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE)$/;

function judge(name: string, value: ts.Expression, node: ts.Node): Place | undefined {
  const text = bare(value).getText();
  if ((limit.test(name) || timeout.test(name)) && endless.test(text)) return { node, detail: `${name} is ${text}: there is no limit.` };
  if (timeout.test(name) && /^0(?:_0+)?$/.test(text)) return { node, detail: `${name} is 0, which means that there is none.` };
  return undefined;
}

function placeOf(node: ts.Node): Place | undefined {
  if (ts.isPropertyAssignment(node)) return judge(node.name.getText(), node.initializer, node);
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) return judge(node.name.getText(), node.initializer, node);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return judge(memberName(node.left) ?? '', node.right, node);
  if (!ts.isNewExpression(node) || !/^(?:WebSocketServer|Server)$/.test(calledName(node) ?? '')) return undefined;
  const [given] = node.arguments ?? [];
  if (calledName(node) === 'Server' && !/WebSocket/.test(node.expression.getText())) return undefined;
  const isStated =
    given !== undefined &&
    (!ts.isObjectLiteralExpression(given) ||
      given.properties.some((one) => one.name?.getText() === 'maxPayload' || ts.isSpreadAssignment(one)));
  return isStated ? undefined : { node, detail: 'A socket server takes messages of up to 100 MiB: it states no maxPayload.' };
}

export default defineCodeCheck({
  id: 'code/limit-removed',
  title: 'Limit set to none',
  area: 'resources',
  severity: 'high',
  requirements: ['SEC-06', 'WS-03', 'DB-12', 'REV-04'],
  where: (path) => path.startsWith('platform/src/'),
  look: ({ tree }) => [...nodesOf(tree)].map(placeOf).filter((place) => place !== undefined),
  risk: 'One caller may take as much as there is, for as long as it likes.',
  impact: 'The others wait, are refused, or lose the instance.',
  fix: 'State a number and say where it comes from; a limit that is too low for someone is raised for all of them, never removed.',
});
