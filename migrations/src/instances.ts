import { platformConnections } from './catalogue.queries.ts';
import { MigrationError } from './errors.ts';
import type { Compatibility } from './compatibility.ts';
import type { MigrationFile, Queryable } from './types.ts';

const namePrefix = 'sanctum-platform';

/** The name that an instance connects under: it says which migrations its code knows, to whoever is about to change the schema. */
export function instanceName(codeHead: number): string {
  return `${namePrefix} ${String(codeHead).padStart(4, '0')}`;
}

export interface LiveRelease {
  /** Latest migration that its code knows; 0 for releases that do not say so. */
  readonly codeHead: number;
  readonly connections: number;
  readonly addresses: readonly string[];
}

/** Releases that have a connection to the database now. An instance always has one: it asks for ended sessions twice a second. */
export async function liveReleases(database: Queryable): Promise<readonly LiveRelease[]> {
  const { rows } = await database.query<{ application: string; address: string | null; connections: number }>(platformConnections, [
    namePrefix,
  ]);
  const byHead = new Map<number, { connections: number; addresses: string[] }>();
  for (const row of rows) {
    const codeHead = Number(/ (\d{4,6})\b/.exec(row.application)?.[1] ?? 0);
    const known = byHead.get(codeHead) ?? { connections: 0, addresses: [] };
    known.connections += row.connections;
    known.addresses.push(row.address ?? 'this machine');
    byHead.set(codeHead, known);
  }
  return [...byHead].map(([codeHead, seen]) => ({ codeHead, ...seen })).sort((a, b) => a.codeHead - b.codeHead);
}

/** Those that stop working when a migration is applied. */
export function brokenBy({ breaksBefore }: Pick<Compatibility, 'breaksBefore'>, releases: readonly LiveRelease[]): readonly LiveRelease[] {
  return releases.filter((release) => release.codeHead < breaksBefore);
}

export function describeRelease({ codeHead, connections, addresses }: LiveRelease): string {
  const knows = codeHead === 0 ? 'do not say which migrations they know' : `know migrations up to ${padded(codeHead)}`;
  return `instances that ${knows} (${connections} connections from ${[...new Set(addresses)].join(', ')})`;
}

/** Throws MIGRATION_BREAKS_INSTANCES, naming the migration, who would break and the order that breaks nobody. */
export async function refuseToBreak(
  database: Queryable,
  pending: readonly { readonly file: MigrationFile; readonly compatibility: Compatibility }[],
): Promise<void> {
  if (pending.every(({ compatibility }) => compatibility.breaksBefore === 0)) return;
  const releases = await liveReleases(database);
  for (const [index, { file, compatibility }] of pending.entries()) {
    const broken = brokenBy(compatibility, releases);
    if (broken.length === 0) continue;
    const why =
      compatibility.source === 'declared'
        ? `says that it breaks releases before ${padded(compatibility.breaksBefore)}`
        : `does not say what it keeps working, and line ${compatibility.breaking[0]?.line ?? 1} ${compatibility.breaking[0]?.what ?? 'may break'}`;
    const before = pending[index - 1];
    const first = before === undefined ? '' : `npx sanctum-ops migrate up --until ${before.file.number}; `;
    throw new MigrationError(
      'MIGRATION_BREAKS_INSTANCES',
      `Nothing was applied. ${file.name} ${why}, and such are alive: ${broken.map(describeRelease).join('; ')}.`,
      {
        fix: `${first}deploy the release that no longer uses what it takes away, or stop those instances, then npx sanctum-ops migrate up. With a planned outage: --break-instances. A file that breaks nobody says so in its header: -- sanctum: expand`,
        file: file.name,
      },
    );
  }
}

function padded(number: number): string {
  return String(number).padStart(4, '0');
}
