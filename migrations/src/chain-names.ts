/** How the files of a folder are named and in which order they run: ours, and those of the tools that others use. */
export type NamingStyle = 'sanctum' | 'flyway' | 'up-down' | 'numbered' | 'plain';

export interface NamedMigration {
  readonly name: string;
  readonly number: number;
  readonly downName: string | null;
}

export interface NamedChain {
  readonly style: NamingStyle;
  /** In the order in which they run. */
  readonly migrations: readonly NamedMigration[];
  /** SQL files whose names say no place in the chain. */
  readonly odd: readonly string[];
  /** Ways back without a way forth. */
  readonly orphans: readonly string[];
}

const ours = /^(\d{4,6})_[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.sql$/;
const oursDown = /^(\d{4,6})_[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.down\.sql$/;
/** Names that may stand in a printed command as they are. */
const speakable = /^[A-Za-z0-9][\w.+@=,-]*$/;
const flyway = /^([VB])(\d+(?:[._]\d+)*)__.+\.sql$/;
const flywayRepeatable = /^R__.+\.sql$/;
const flywayUndo = /^U(\d+(?:[._]\d+)*)__.+\.sql$/;
const upOfPair = /^(\d+)[_-].+\.up\.sql$/;
const numbered = /^(\d+(?:[._-]\d+)*)(?:[_.-]+[^.].*)?\.sql$/;

/** Orders the names of a folder. What does not end in `.sql` is no migration: read-me files, backups of editors, system files. */
export function nameChain(names: readonly string[], isForeign: boolean): NamedChain {
  const all = names.filter((name) => name.endsWith('.sql'));
  if (!isForeign || all.every((name) => ours.test(name) || oursDown.test(name))) return sanctumChain(all);
  const sql = all.filter((name) => speakable.test(name));
  const unspeakable = all.filter((name) => !speakable.test(name));
  const chain = foreignChain(sql);
  return { ...chain, odd: [...chain.odd, ...unspeakable] };
}

function foreignChain(names: readonly string[]): NamedChain {
  if (names.some((name) => flyway.test(name))) return flywayChain(names);
  if (names.some((name) => upOfPair.test(name))) return upDownChain(names);
  const ups = names.filter((name) => !name.endsWith('.down.sql'));
  if (ups.some((name) => numbered.test(name))) return numberedChain(names);
  const ordered = ups.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return { style: 'plain', migrations: byPlace(ordered, new Set()), odd: [], orphans: [] };
}

function sanctumChain(names: readonly string[]): NamedChain {
  const downs = new Set(names.filter((name) => oursDown.test(name)));
  const ups = names.filter((name) => ours.test(name));
  const migrations = ups.map((name) => ({ name, number: Number(ours.exec(name)?.[1]), downName: downOf(name, downs) }));
  return {
    style: 'sanctum',
    migrations: migrations.toSorted((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1)),
    odd: names.filter((name) => !ours.test(name) && !downs.has(name)),
    orphans: [...downs].filter((name) => !ups.includes(name.replace(/\.down\.sql$/, '.sql'))),
  };
}

function downOf(name: string, downs: ReadonlySet<string>): string | null {
  const down = name.replace(/\.sql$/, '.down.sql');
  return downs.has(down) ? down : null;
}

function flywayChain(names: readonly string[]): NamedChain {
  const undo = new Map(names.flatMap((name) => (flywayUndo.test(name) ? [[versionOf(flywayUndo, name, 1).join('.'), name] as const] : [])));
  const versioned = names.filter((name) => flyway.test(name));
  const ordered = versioned.toSorted((a, b) => compare(versionOf(flyway, a, 2), versionOf(flyway, b, 2)));
  const repeatable = names.filter((name) => flywayRepeatable.test(name)).toSorted();
  const downs = new Map(ordered.map((name) => [name, undo.get(versionOf(flyway, name, 2).join('.')) ?? null]));
  const used = new Set(downs.values());
  return {
    style: 'flyway',
    migrations: [...ordered, ...repeatable].map((name, at) => ({ name, number: at + 1, downName: downs.get(name) ?? null })),
    odd: names.filter((name) => ![flyway, flywayRepeatable, flywayUndo].some((pattern) => pattern.test(name))),
    orphans: [...undo.values()].filter((name) => !used.has(name)),
  };
}

function upDownChain(names: readonly string[]): NamedChain {
  const ups = names
    .filter((name) => upOfPair.test(name))
    .toSorted((a, b) => compare(versionOf(upOfPair, a, 1), versionOf(upOfPair, b, 1)) || (a < b ? -1 : 1));
  const downs = new Set(names.filter((name) => name.endsWith('.down.sql')));
  const downOfUp = (name: string): string | null => {
    const down = name.replace(/\.up\.sql$/, '.down.sql');
    return downs.has(down) ? down : null;
  };
  const used = new Set(ups.map(downOfUp));
  return {
    style: 'up-down',
    migrations: ups.map((name) => ({ name, number: Number(upOfPair.exec(name)?.[1]), downName: downOfUp(name) })),
    odd: names.filter((name) => !ups.includes(name) && !downs.has(name)),
    orphans: [...downs].filter((name) => !used.has(name)),
  };
}

function numberedChain(names: readonly string[]): NamedChain {
  const downs = new Set(names.filter((name) => name.endsWith('.down.sql')));
  const ups = names.filter((name) => !downs.has(name) && numbered.test(name));
  const ordered = ups.toSorted((a, b) => compare(versionOf(numbered, a, 1), versionOf(numbered, b, 1)) || (a < b ? -1 : 1));
  const isPlainNumber = ordered.every(
    (name) => /^\d+$/.test(numbered.exec(name)?.[1] ?? '') && Number.isSafeInteger(Number(numbered.exec(name)?.[1])),
  );
  const migrations = isPlainNumber
    ? ordered.map((name) => ({ name, number: Number(numbered.exec(name)?.[1]), downName: downOf(name, downs) }))
    : byPlace(ordered, downs);
  const used = new Set(migrations.map((one) => one.downName));
  return {
    style: 'numbered',
    migrations,
    odd: names.filter((name) => !downs.has(name) && !numbered.test(name)),
    orphans: [...downs].filter((name) => !used.has(name)),
  };
}

function byPlace(names: readonly string[], downs: ReadonlySet<string>): NamedMigration[] {
  return names.map((name, at) => ({ name, number: at + 1, downName: downOf(name, downs) }));
}

function versionOf(pattern: RegExp, name: string, group: number): number[] {
  return (pattern.exec(name)?.[group] ?? '').split(/[._-]/).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
