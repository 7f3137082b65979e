/** `make tools` on machines in every half state: what does not run is not believed. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { binFolder, findTool, pathWithTools, type Places } from '../../platform/test/harness/tools.ts';
import { createChromiumTool } from './chromium.ts';
import { ensureTool, type Tool } from './ensure-tool.ts';
import { nginx } from './nginx.ts';
import { redis } from './redis.ts';
import { run } from './run.ts';
import { unpackInto, writeWrapper } from './wrapper.ts';

let folder: string;
let machine: string;
let toolsFolder: string;
let places: Places;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanctum-tools-'));
  machine = join(folder, 'machine');
  toolsFolder = join(folder, 'tools');
  for (const place of [machine, binFolder(toolsFolder)]) mkdirSync(place, { recursive: true });
  places = { environment: { PATH: machine }, toolsFolder };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plant(path: string, answer: string, exitCode = 0): undefined {
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' '${answer}'\nexit ${exitCode}\n`, { mode: 0o755 });
}

const server = 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=0';
const cli = 'redis-cli 7.0.15';

/** The tool with one way to install it, which plants programs into the tools folder. */
function installing(tool: Tool, install: (toolsFolder: string) => string | undefined): Tool {
  return { ...tool, ways: [{ name: 'planted', install }] };
}

function installRedis(into: string): undefined {
  plant(join(binFolder(into), 'redis-server'), server);
  plant(join(binFolder(into), 'redis-cli'), cli);
}

const ensure = (tool: Tool) => ensureTool(tool, places, () => {});

describe('Redis', () => {
  test('of the machine is used where both programs run, and nothing is installed', async () => {
    plant(join(machine, 'redis-server'), server);
    plant(join(machine, 'redis-cli'), cli);
    const found = await ensure(installing(redis, () => expect.fail('it was installed')));
    expect(found).toEqual({ kind: 'found', programs: [join(machine, 'redis-server'), join(machine, 'redis-cli')] });
  });

  test.each([
    ['nothing', () => {}],
    ['a server without redis-cli', () => plant(join(machine, 'redis-server'), server)],
    ['a redis-cli without a server', () => plant(join(machine, 'redis-cli'), cli)],
    ['an unpacked server without redis-cli', () => plant(join(binFolder(toolsFolder), 'redis-server'), server)],
    [
      'unpacked programs whose libraries are gone',
      () => {
        plant(join(binFolder(toolsFolder), 'redis-server'), 'error while loading shared libraries', 127);
        plant(join(binFolder(toolsFolder), 'redis-cli'), 'error while loading shared libraries', 127);
      },
    ],
    [
      'programs of an old version',
      () => {
        plant(join(machine, 'redis-server'), server.replace('7.0.15', '6.2.1'));
        plant(join(machine, 'redis-cli'), 'redis-cli 6.2.1');
      },
    ],
    [
      'programs that say nothing',
      () => {
        plant(join(machine, 'redis-server'), '');
        plant(join(machine, 'redis-cli'), '');
      },
    ],
  ])('is completed on a machine with %s', async (_state, prepare) => {
    prepare();
    expect((await ensure(installing(redis, installRedis))).kind).toBe('installed');
    for (const name of redis.programs) expect(findTool(name, places)).toBe(join(binFolder(toolsFolder), name));
    expect((await ensure(installing(redis, () => expect.fail('it was installed twice')))).kind).toBe('found');
  });

  test('that was unpacked stays where make already put it on the path', async () => {
    installRedis(toolsFolder);
    places = { ...places, environment: { PATH: pathWithTools(places) } };
    expect((await ensure(redis)).kind).toBe('found');
    expect(findTool('redis-cli', places)).toBe(join(binFolder(toolsFolder), 'redis-cli'));
  });

  test('of the machine is preferred as soon as it works: unpacked programs leave the path', async () => {
    installRedis(toolsFolder);
    plant(join(machine, 'redis-server'), server);
    plant(join(machine, 'redis-cli'), cli);
    expect((await ensure(redis)).kind).toBe('found');
    expect(readdirSync(binFolder(toolsFolder))).toEqual([]);
    expect(findTool('redis-cli', places)).toBe(join(machine, 'redis-cli'));
  });

  test('that cannot be had is said with every place and way that was tried, and leaves no half tool', async () => {
    plant(join(machine, 'redis-server'), server);
    const missing = await ensure({
      ...redis,
      ways: [
        { name: 'first way', install: () => 'no network' },
        { name: 'second way', install: (into) => plant(join(binFolder(into), 'redis-server'), 'broken', 1) },
      ],
    });
    expect(missing.kind).toBe('missing');
    expect(missing.kind === 'missing' && missing.tried).toEqual([
      'on this machine: redis-cli was not found',
      'first way: no network',
      expect.stringMatching(/^second way: .*redis-server --version: /),
    ]);
    expect(readdirSync(binFolder(toolsFolder))).toEqual([]);
  });
});

describe('Chromium', () => {
  const chromium = createChromiumTool(async (path) => {
    const [, width = 0, height = 0] = /text (\d+)x(\d+)/.exec(readFileSync(path, 'utf8')) ?? [];
    return { width: Number(width), height: Number(height) };
  });

  test.each([
    ['is believed when text has a size', 'text 59x18', 'found'],
    ['is not believed when text has none', 'text 0x0', 'missing'],
  ])('%s', async (_name, answer, kind) => {
    plant(join(machine, 'chromium'), answer);
    expect((await ensure({ ...chromium, ways: [] })).kind).toBe(kind);
  });

  test('unpacked without a font by an earlier version is unpacked again', async () => {
    plant(join(binFolder(toolsFolder), 'chromium'), 'text 0x0');
    const again = installing(chromium, (into) => plant(join(binFolder(into), 'chromium'), 'text 59x18'));
    expect((await ensure(again)).kind).toBe('installed');
  });

  test('that ends at once is said with its own last words', async () => {
    const real = createChromiumTool();
    writeFileSync(
      join(machine, 'chromium'),
      '#!/bin/sh\necho "chromium: error while loading shared libraries: libnss3.so" >&2\nexit 127\n',
      { mode: 0o755 },
    );
    expect(await real.probe(() => join(machine, 'chromium'))).toContain('libnss3.so');
  });

  test('that a variable names is not replaced by another: the variable is named', async () => {
    places = { ...places, environment: { PATH: machine, SANCTUM_CHROMIUM: join(folder, 'away') } };
    const missing = await ensure(installing(chromium, () => expect.fail('it was installed')));
    expect(missing).toMatchObject({ kind: 'missing', tried: [expect.any(String), expect.stringContaining('SANCTUM_CHROMIUM')] });
  });
});

describe('nginx', () => {
  const unpacked = installing(nginx, (into) => plant(join(binFolder(into), 'nginx'), 'nginx version: nginx/1.26.3'));

  test.each([
    ['of this age is used', 'nginx version: nginx/1.22.1', 0, 'found'],
    ['of a later line is used', 'nginx version: nginx/2.0.0', 0, 'found'],
    ['that is too old is not believed', 'nginx version: nginx/1.18.0', 0, 'installed'],
    ['that says nothing is not believed', '', 0, 'installed'],
    ['whose libraries are gone is not believed', 'error while loading shared libraries: libpcre2-8.so.0', 127, 'installed'],
  ])('%s', async (_name, answer, exitCode, kind) => {
    plant(join(machine, 'nginx'), answer, exitCode);
    expect((await ensure(unpacked)).kind).toBe(kind);
  });
});

describe('unpacking', () => {
  test('that fails or was interrupted leaves what was there before', () => {
    const fill = (draft: string) => plant(join(draft, 'one'), '');
    expect(unpackInto(toolsFolder, 'redis', fill)).toBeUndefined();
    mkdirSync(join(toolsFolder, 'redis.unpacking-1'));
    expect(unpackInto(toolsFolder, 'redis', () => 'no network')).toBe('no network');
    expect(readdirSync(toolsFolder).toSorted()).toEqual(['bin', 'redis']);
    expect(readdirSync(join(toolsFolder, 'redis'))).toEqual(['one']);
  });

  test('gives programs that run with their own libraries, also after the checkout was moved', () => {
    mkdirSync(join(toolsFolder, 'redis'));
    writeFileSync(join(toolsFolder, 'redis/program'), '#!/bin/sh\necho "$LD_LIBRARY_PATH $1"\n', { mode: 0o755 });
    writeWrapper(toolsFolder, 'redis-cli', { program: 'redis/program', libraries: ['redis/lib'] });
    const moved = join(folder, 'moved to here');
    renameSync(toolsFolder, moved);
    const { stdout } = run(join(binFolder(moved), 'redis-cli'), ['ping'], { environment: { PATH: process.env['PATH'] } });
    expect(stdout).toBe(`${join(moved, 'redis/lib')} ping\n`);
  });
});

describe('the path', () => {
  test('of everything that vitest runs has the unpacked programs first', () => {
    expect(process.env['PATH']?.split(':')[0]).toBe(binFolder());
    expect(
      pathWithTools()
        .split(':')
        .filter((part) => part === binFolder()),
    ).toHaveLength(1);
  });

  test('of everything that make runs has them before the machine', () => {
    const root = join(import.meta.dirname, '../..');
    const makefile = join(folder, 'Makefile');
    writeFileSync(makefile, `include ${root}/Makefile\n.PHONY: show\nshow:\n\t@echo "$$PATH"\n`);
    const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
    const { stdout, problem } = run('make', ['--silent', '-f', makefile, '-C', root, 'show'], { environment });
    expect(problem).toBeUndefined();
    expect(stdout.trim()).toBe(`${root}/node_modules/.bin:${binFolder()}:${environment.PATH}`);
  });
});
