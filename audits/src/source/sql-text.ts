import { parseSync } from 'libpg-query';
import { Visitor } from 'oxc-parser';
import type { SourceFile } from './typescript.ts';

export interface TextLiteral {
  readonly offset: number;
  /** Text of a string or template; what is interpolated stands as a parameter. */
  readonly text: string;
}

/**
 * String and template literals of a file that are SQL statements. The parser has to be loaded (`await loadModule()`).
 * What ends with a semicolon is written for people to paste (our drivers need none), unless it is handed to a call.
 */
export function sqlLiterals(file: SourceFile): TextLiteral[] {
  const handedOver = argumentOffsets(file);
  const toPaste = pastedOffsets(file);
  return literalsOf(file).filter(
    ({ offset, text }) => !toPaste.has(offset) && isSql(text) && (!text.trimEnd().endsWith(';') || handedOver.has(offset)),
  );
}

/** Templates of our tag `sql`: it makes text for people, which no driver takes. */
function pastedOffsets(file: SourceFile): Set<number> {
  const offsets = new Set<number>();
  const isOurs = file.tree.program.body.some(
    (node) => node.type === 'ImportDeclaration' && /^(@sanctum\/migrations\/sql-text|\.\/sql-text\.ts)$/.test(node.source.value),
  );
  if (!isOurs) return offsets;
  new Visitor({
    TaggedTemplateExpression: (node) => {
      if (node.tag.type === 'Identifier' && node.tag.name === 'sql') offsets.add(node.quasi.start);
    },
  }).visit(file.tree.program);
  return offsets;
}

function argumentOffsets(file: SourceFile): Set<number> {
  const offsets = new Set<number>();
  new Visitor({
    CallExpression: (node) => {
      for (const argument of node.arguments) offsets.add(argument.start);
    },
    Property: (node) => {
      if (node.key.type === 'Identifier' && (node.key.name === 'text' || node.key.name === 'sql')) offsets.add(node.value.start);
    },
  }).visit(file.tree.program);
  return offsets;
}

/** Every string and template literal of a file, types and imports aside. */
export function literalsOf(file: SourceFile): TextLiteral[] {
  const found: TextLiteral[] = [];
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') found.push({ offset: node.start, text: node.value });
    },
    TemplateLiteral: (node) => {
      const text = node.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw).join(placeholder);
      found.push({ offset: node.start, text });
    },
  }).visit(file.tree.program);
  return found;
}

const placeholder = '\u0001';
const comments = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/;
// Prose begins with a capital ("Select a sanctum"); SQL is written in one case.
const keyword = '(?:select|insert into|update|delete from|with|merge into|create|alter|drop|truncate|grant|revoke|copy|lock table)';
const begins = new RegExp(`^(?:${keyword}|${keyword.toUpperCase()})\\s`);
const needsMore = /\s(from|set|values|as|table|index|database|role|user|schema|extension|to|on|using|in)\s|\(|\$\d|;/i;

/** True for text that PostgreSQL's own parser accepts as a statement, whatever is interpolated. */
export function isSql(text: string): boolean {
  const body = text.replace(comments, '');
  // An ellipsis stands in advice to people, never in a statement.
  if (body.includes('…')) return false;
  if (!begins.test(body) || !needsMore.test(`${body} `)) return false;
  return ['$1', 'x', ''].some((filler) => parses(body.replaceAll(placeholder, filler)));
}

function parses(text: string): boolean {
  try {
    return (parseSync(text).stmts ?? []).length > 0;
  } catch {
    // Not SQL: that is the answer, and the parser has no other way to give it.
    return false;
  }
}
