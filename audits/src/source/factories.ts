/** Factories of a file (`createPosts`), what they make, and what they are given. */
import { type ParamPattern, type TSType, type TSTypeAnnotation, Visitor } from 'oxc-parser';
import type { SourceFile } from './typescript.ts';

export interface Shape {
  readonly name: string;
  readonly offset: number;
  /** Names of the types of its members. */
  readonly holds: readonly string[];
}

export interface FactoriesOfFile {
  /** Types that a factory gives back. */
  readonly made: readonly string[];
  /** Types of what a factory takes first. */
  readonly given: readonly string[];
  readonly shapes: readonly Shape[];
}

const isFactory = (name: string | undefined): boolean => name !== undefined && /^create[A-Z]/.test(name);

export function factoriesOf({ tree }: SourceFile): FactoriesOfFile {
  const made: string[] = [];
  const given: string[] = [];
  const shapes: Shape[] = [];
  const look = (name: string | undefined, params: readonly ParamPattern[], result: TSTypeAnnotation | null | undefined) => {
    if (!isFactory(name)) return;
    made.push(...namesIn(result?.typeAnnotation));
    given.push(...namesIn(annotationOf(params[0])));
  };
  new Visitor({
    FunctionDeclaration: ({ id, params, returnType }) => look(id?.name, params, returnType),
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init?.type === 'ArrowFunctionExpression') look(id.name, init.params, init.returnType);
    },
    TSInterfaceDeclaration: ({ id, body }) => {
      const members = body.body.flatMap((member) => (member.type === 'TSPropertySignature' ? [member.typeAnnotation?.typeAnnotation] : []));
      shapes.push({ name: id.name, offset: id.start, holds: members.flatMap(namesIn) });
    },
  }).visit(tree.program);
  return { made, given, shapes };
}

function annotationOf(parameter: ParamPattern | undefined): TSType | undefined {
  if (parameter === undefined || parameter.type === 'TSParameterProperty') return undefined;
  const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return 'typeAnnotation' in pattern ? pattern.typeAnnotation?.typeAnnotation : undefined;
}

/** The named types of an annotation: through unions, promises and picks, not into lists and functions. */
function namesIn(type: TSType | null | undefined): string[] {
  if (type?.type === 'TSUnionType') return type.types.flatMap(namesIn);
  if (type?.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return [];
  const { name } = type.typeName;
  return name === 'Promise' || name === 'Pick' ? namesIn(type.typeArguments?.params[0]) : [name];
}
