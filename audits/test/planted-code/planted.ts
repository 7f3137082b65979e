/** Faults planted in code of our style, and look-alikes that are none. `§` stands before the line that a finding has to name. */
export interface PlantedCode {
  /** The check that has to find every planted fault, or `lint/<rule>` for one that the linter finds. */
  readonly check: string;
  /** Where the files stand; `*` is replaced by a name of their own. */
  readonly path: string;
  readonly planted: Readonly<Record<string, string>>;
  /** No check may say anything about these. */
  readonly silent: Readonly<Record<string, string>>;
}

export interface PlantedCase {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** 1-based; undefined for a look-alike. */
  readonly line: number | undefined;
}

const mark = '§';
const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^-|-$/g, '');

/** Every case as a file of its own. */
export function casesOf(code: PlantedCode): PlantedCase[] {
  const toCase = ([name, marked]: [string, string], kind: 'planted' | 'silent'): PlantedCase => {
    const text = `${marked.replace(mark, '').trim()}\n`;
    const lines = marked.trim().split('\n');
    const line = lines.findIndex((one) => one.includes(mark)) + 1;
    if (line > 0 !== (kind === 'planted')) throw new Error(`"${name}": the ${kind} case ${line > 0 ? 'has' : 'lacks'} the mark ${mark}.`);
    return { name, path: code.path.replace('*', `${kind}-${slug(name)}`), text, line: line > 0 ? line : undefined };
  };
  return [
    ...Object.entries(code.planted).map((entry) => toCase(entry, 'planted')),
    ...Object.entries(code.silent).map((entry) => toCase(entry, 'silent')),
  ];
}
