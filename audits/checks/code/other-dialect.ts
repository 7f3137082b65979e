import { Visitor } from 'oxc-parser';
import { defineCheck, fingerprint, type Finding, type RepositoryTarget } from '../../src/check.ts';
import { factoriesOf } from '../../src/source/factories.ts';
import { type SourceFile, writtenSources } from '../../src/source/typescript.ts';

const apiDocument = 'platform/openapi.json';
const camelCase = /^[a-z][A-Za-z0-9]*$/;

interface Place {
  readonly subject: string;
  readonly location: string;
  readonly detail: string;
  readonly fix: string;
}

/** What a factory is given is called `…Dependencies` as soon as it holds what another factory made; `…Deps` is no word. */
function misnamedDependencies(files: readonly SourceFile[]): Place[] {
  const factories = files.map((file) => ({ file, ...factoriesOf(file) }));
  const made = new Set(factories.flatMap((one) => one.made));
  return factories.flatMap(({ file, given, shapes }) =>
    shapes
      .filter(({ name, holds }) => {
        if (name.endsWith('Deps')) return true;
        return !name.endsWith('Dependencies') && given.includes(name) && holds.some((type) => made.has(type));
      })
      .map(({ name, offset }) => ({
        subject: `${file.path} ${name}`,
        location: `${file.path}:${file.lineOf(offset)}`,
        detail: `${name} is what a factory is given, and is not called …Dependencies.`,
        fix: `Call it ${name.replace(/(Deps|Options|Services|Parts|Tools)$/, '')}Dependencies.`,
      })),
  );
}

/** `type A = B & { … }` says what `interface A extends B { … }` says. */
function joinedObjects(file: SourceFile): Place[] {
  const places: Place[] = [];
  new Visitor({
    TSTypeAliasDeclaration: ({ id, typeAnnotation }) => {
      if (typeAnnotation.type !== 'TSIntersectionType') return;
      const kinds = new Set(typeAnnotation.types.map(({ type }) => type));
      if (!kinds.delete('TSTypeLiteral') || !kinds.delete('TSTypeReference') || kinds.size > 0) return;
      places.push({
        subject: `${file.path} ${id.name}`,
        location: `${file.path}:${file.lineOf(id.start)}`,
        detail: `${id.name} joins an object to a type with "&".`,
        fix: `Write: interface ${id.name} extends … { … }`,
      });
    },
  }).visit(file.tree.program);
  return places;
}

interface ApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly { in: string; name: string }[] }>>>>;
}

async function queryParameters(repository: RepositoryTarget): Promise<{ where: string; name: string }[]> {
  const [path] = await repository.files([apiDocument]);
  if (path === undefined) return [];
  const { paths = {} } = JSON.parse(await repository.read(path)) as ApiDocument;
  return Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [] }]) =>
      parameters.filter((one) => one.in === 'query').map(({ name }) => ({ where: `${method.toUpperCase()} ${url}`, name })),
    ),
  );
}

const otherCase = ({ where, name }: { where: string; name: string }): Place => ({
  subject: `${where} ?${name}`,
  location: apiDocument,
  detail: `The query parameter ${name} is not in camelCase, as all others are.`,
  fix: 'Rename it in the schema of its route, then: make docs',
});

export default defineCheck({
  id: 'code/other-dialect',
  title: 'Code in another dialect than the rest',
  area: 'tests',
  severity: 'low',
  needs: ['repository'],
  requirements: ['ARCH-01'],
  timeoutMs: 20_000,
  run: async ({ repository }) => {
    const files = await writtenSources(repository);
    const parameters = await queryParameters(repository);
    const odd = parameters.filter(({ name }) => !camelCase.test(name)).map(otherCase);
    const places = [...misnamedDependencies(files), ...files.flatMap(joinedObjects), ...odd];
    const findings = places.map((place): Finding => ({
      ...place,
      risk: 'Two ways to say one thing make every search half a search.',
      impact: 'Developers look for one word and miss what stands under the other.',
      fingerprint: fingerprint('other-dialect', place.subject),
    }));
    return { examined: files.length + parameters.length, findings };
  },
});
