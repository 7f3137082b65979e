/** Finds a tool that works, or installs it the first way that gives one; the only believed proof is that it runs. */
import { findTool, findToolOfMachine, givenTool, type Places, type ToolName } from '../../platform/test/harness/tools.ts';
import { removeWrappers } from './wrapper.ts';

type Find = (name: ToolName) => string | undefined;

export interface Way {
  readonly name: string;
  /** Undefined when it went well, else what went wrong. */
  readonly install: (toolsFolder: string) => string | undefined;
}

export interface Tool {
  readonly title: string;
  readonly programs: readonly ToolName[];
  /** What is wrong with the programs that `find` gives; undefined when they run and are complete. */
  readonly probe: (find: Find) => Promise<string | undefined>;
  readonly ways: readonly Way[];
  /** What a person types to get it. */
  readonly advice: string;
}

export type Ensured =
  | { readonly kind: 'found' | 'installed'; readonly programs: readonly string[] }
  /** One line for each place and way that was tried. */
  | { readonly kind: 'missing'; readonly tried: readonly string[] };

/** The machine's own programs are preferred; what was unpacked beside working ones is taken off the path. */
export async function ensureTool(tool: Tool, places: Places, say: (line: string) => void): Promise<Ensured> {
  const own: Find = (name) => findTool(name, places);
  const found = (kind: 'found' | 'installed', find: Find): Ensured => ({
    kind,
    programs: tool.programs.flatMap((name) => find(name) ?? []),
  });

  const onMachine = await tool.probe((name) => findToolOfMachine(name, places));
  if (onMachine === undefined) {
    removeWrappers(places.toolsFolder, tool.programs);
    return found('found', own);
  }
  if ((await tool.probe(own)) === undefined) return found('found', own);
  removeWrappers(places.toolsFolder, tool.programs);

  const tried = [`on this machine: ${onMachine}`];
  const given = tool.programs.map((name) => givenTool(name, places)).find((one) => one !== undefined);
  if (given !== undefined)
    return { kind: 'missing', tried: [...tried, `${given.variable} says to use ${given.path}: correct or unset it`] };
  say(`${tool.title}: ${onMachine}; installing …`);
  for (const way of tool.ways) {
    const problem = way.install(places.toolsFolder) ?? (await tool.probe(own));
    if (problem === undefined) return found('installed', own);
    removeWrappers(places.toolsFolder, tool.programs);
    tried.push(`${way.name}: ${problem}`);
  }
  return { kind: 'missing', tried };
}
