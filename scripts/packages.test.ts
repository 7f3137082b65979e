/** The supply chain, as far as the repository decides it: exact pins, a lock that agrees, no unknown install script. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
const manifest = readJson<Manifest>('package.json');
const lock = readJson<{ packages: Readonly<Record<string, Locked>> }>('package-lock.json').packages;
const folders = ['.', ...(manifest.workspaces ?? [])];
const packageName = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const installed = Object.entries(lock).filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true);

const licences = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'Python-2.0',
  'Unlicense',
  'MPL-2.0',
  'PostgreSQL',
  'PSF-2.0',
  'OFL-1.1',
]);
const isAllowed = (licence: string) =>
  licence
    .replaceAll(/[()]/g, '')
    .split(/ (?:OR|AND) /)
    .every((name) => licences.has(name));

/** The image library beneath sharp comes as a shared library of its own, unchanged, which is what the LGPL asks of who uses it. */
const isSharedLibrary = (path: string, licence: string) =>
  packageName(path).startsWith('@img/sharp-') && isAllowed(licence.replaceAll('LGPL-3.0-or-later', 'MIT'));

test('there is something to look at', () => {
  expect(folders.length).toBeGreaterThan(4);
  expect(installed.length).toBeGreaterThan(200);
});

describe.each(folders)('%s', (folder) => {
  const { dependencies, devDependencies } = readJson<Manifest>(join(folder, 'package.json'));
  const pins = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => !name.startsWith('@sanctum/'));

  test('pins exact versions', () => {
    expect(pins.filter(([, version]) => !/^(npm:[@a-z0-9/-]+@)?\d+\.\d+\.\d+(-[a-z0-9.]+)?$/.test(version))).toEqual([]);
  });

  test('agrees with the lock', () => {
    const wanted = (version: string) => version.replace(/^npm:.*@/, '');
    const differing = pins.filter(([name, version]) => {
      const own = lock[`${folder}/node_modules/${name}`] ?? lock[`node_modules/${name}`];
      return own?.version !== wanted(version);
    });
    expect(differing).toEqual([]);
  });
});

test('the lock names no address of a registry, and a hash for every package', () => {
  expect(installed.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
  expect(installed.filter(([, entry]) => entry.integrity === undefined).map(([path]) => path)).toEqual([]);
});

test('every install script is judged in allowScripts', () => {
  const judged = manifest.allowScripts ?? {};
  const unknown = installed.filter(([path, entry]) => entry.hasInstallScript === true && !(packageName(path) in judged));
  expect(installed.some(([, entry]) => entry.hasInstallScript === true)).toBe(true);
  expect(unknown.map(([path]) => packageName(path))).toEqual([]);
});

test('every licence is one of the list', () => {
  const others = installed.filter(
    ([path, { license }]) => license === undefined || !(isAllowed(license) || isSharedLibrary(path, license)),
  );
  expect(others.map(([path, { license }]) => `${packageName(path)}: ${license ?? 'none stated'}`)).toEqual([]);
});
