/**
 * The layers of the house as rules over imports. Handlers → service → repository → queries inside a feature;
 * migrations → nothing, platform → migrations, audits → both, ops-cli → all three between packages.
 */
import type { Import } from './imports.ts';
import { isTest } from './typescript.ts';

export interface BrokenLayer {
  readonly reason: string;
  readonly fix: string;
}

type Rule = (edge: Import) => BrokenLayer | undefined;

const packageImports: Readonly<Record<string, readonly string[]>> = {
  migrations: [],
  'realtime-client': [],
  platform: ['migrations', 'realtime-client'],
  audits: ['migrations', 'platform', 'realtime-client'],
  'ops-cli': ['migrations', 'platform', 'audits', 'realtime-client'],
};

const packageOf = (path: string): string => path.slice(0, Math.max(path.indexOf('/'), 0));
const importedPackage = (specifier: string): string | undefined => /^@sanctum\/([a-z-]+)/.exec(specifier)?.[1];
const featureOf = (path: string): string | undefined => /^platform\/src\/features\/([^/]+)\//.exec(path)?.[1];
const roleOf = (path: string): string | undefined => /\.(handlers|service|jobs|repository|queries|schema)\.ts$/.exec(path)?.[1];

const betweenPackages: Rule = (edge) => {
  const own = packageOf(edge.from);
  const allowed = packageImports[own];
  if (allowed === undefined || isTest(edge.from)) return undefined;
  if (importedPackage(edge.specifier) === own) {
    return { reason: `${own} imports itself by its name, past the order of its files.`, fix: 'Import the file by its relative path.' };
  }
  const other = importedPackage(edge.specifier) ?? (edge.target === undefined ? own : packageOf(edge.target));
  if (other === own || allowed.includes(other)) return undefined;
  const list = allowed.length === 0 ? 'no other package' : allowed.join(', ');
  return {
    reason: `${own} may import ${list}; this reaches into ${other}.`,
    fix: `Move the shared piece to a package that both may import, or turn the call round.`,
  };
};

const throughFrontDoor: Rule = (edge) => {
  const own = packageOf(edge.from);
  if (edge.target === undefined || packageImports[own] === undefined || isTest(edge.from)) return undefined;
  const other = packageOf(edge.target);
  if (other === own || packageImports[other] === undefined) return undefined;
  return {
    reason: `A relative path leaves the package ${own}.`,
    fix: `Import @sanctum/${other}/…; what is missing there goes into the exports map of ${other}/package.json.`,
  };
};

/** Roles that each role of a feature must not import. */
const forbiddenRoles: Readonly<Record<string, readonly string[]>> = {
  handlers: ['repository', 'queries'],
  service: ['handlers', 'queries'],
  // A service puts jobs into the queue, so that none can call it back.
  jobs: ['handlers', 'service'],
  repository: ['handlers', 'service', 'jobs'],
  queries: ['handlers', 'service', 'jobs', 'repository'],
  schema: ['handlers', 'service', 'jobs', 'repository', 'queries'],
};

const betweenLayers: Rule = (edge) => {
  const role = roleOf(edge.from);
  const feature = featureOf(edge.from);
  if (role === undefined || feature === undefined || edge.target === undefined) return undefined;
  const targetRole = roleOf(edge.target);
  if (targetRole === undefined || forbiddenRoles[role]?.includes(targetRole) !== true) return undefined;
  return {
    reason: `A ${role} file may not import a ${targetRole} file.`,
    fix: 'Keep to handlers → service → repository → queries: call the next layer instead.',
  };
};

const betweenFeatures: Rule = (edge) => {
  const feature = featureOf(edge.from);
  if (feature === undefined || edge.target === undefined || isTest(edge.from)) return undefined;
  const other = featureOf(edge.target);
  const role = roleOf(edge.target);
  if (other === undefined || other === feature || (role !== 'repository' && role !== 'queries')) return undefined;
  // Pieces of SQL without a statement of their own: how a feed's query shows a post is the posts' to say.
  if (roleOf(edge.from) === 'queries' && edge.target.endsWith('.fragments.queries.ts')) return undefined;
  return {
    reason: `${feature} reaches into the ${role} of ${other}.`,
    fix: `Ask the service of ${other}: its rules hold for every caller.`,
  };
};

/** Rooms from the ground up. A room may use its own floor and those below; nothing runs back up. */
const houses: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'platform/src/': [
    ['errors.ts', 'derived-keys.ts', 'leave-process.ts', 'config/', 'telemetry/'],
    ['db/', 'redis/', 'text/', 'files/', 'shutdown.ts'],
    ['api/'],
    ['limits/', 'events/', 'jobs/', 'streams/', 'presence/'],
    ['http/', 'sockets/'],
    ['features/'],
    ['job-catalogue.ts', 'identity.ts', 'people.ts', 'community.ts', 'realtime.ts', 'chat.ts'],
    ['app.ts', 'job-documentation.ts', 'realtime-documentation.ts'],
    ['api-document.ts', 'serve.ts'],
    ['start.ts'],
    ['main.ts'],
  ],
  'ops-cli/src/': [
    ['exit-codes.ts', 'cli-error.ts', 'output.ts', 'context.ts', 'option-values.ts', 'nearest.ts'],
    ['steps/'],
    ['stack/'],
    ['target.ts'],
    ['common-options.ts', 'database-target.ts', 'operations-log.ts', 'review.ts', 'unknown-check.ts', 'declare.ts'],
    ['commands/'],
    ['program.ts'],
    ['main.ts', 'main-help.ts'],
    ['generate-help.ts'],
  ],
};

interface Place {
  readonly house: string;
  /** −1 for a room that stands on no floor. */
  readonly floor: number;
}

function placeOf(path: string): Place | undefined {
  for (const [house, floors] of Object.entries(houses)) {
    if (!path.startsWith(house)) continue;
    const inside = path.slice(house.length);
    const floor = floors.findIndex((rooms) => rooms.some((room) => (room.endsWith('/') ? inside.startsWith(room) : inside === room)));
    return { house, floor };
  }
  return undefined;
}

const nothingRunsUp: Rule = (edge) => {
  const from = placeOf(edge.from);
  if (from === undefined || edge.target === undefined || isTest(edge.from)) return undefined;
  if (from.floor === -1) {
    return {
      reason: 'The file stands in a room that the layers do not know, so nothing holds what it imports.',
      fix: 'Name its room on a floor in audits/src/source/layers.ts.',
    };
  }
  const to = placeOf(edge.target);
  if (to === undefined || to.house !== from.house || to.floor <= from.floor) return undefined;
  return {
    reason: 'The import runs back up: what is used stands above what uses it.',
    fix: 'Move what both need to a room below both, or hand it in where app.ts wires them together.',
  };
};

const rules: readonly Rule[] = [betweenPackages, throughFrontDoor, betweenLayers, betweenFeatures, nothingRunsUp];

/** The first rule that the import breaks. */
export function brokenLayer(edge: Import): BrokenLayer | undefined {
  for (const rule of rules) {
    const broken = rule(edge);
    if (broken !== undefined) return broken;
  }
  return undefined;
}
