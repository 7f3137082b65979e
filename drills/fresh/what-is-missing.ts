/** What this machine lacks to hold another one in a folder. Each line says what to do. */
import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { outerProgram } from './outer-program.ts';

const freeBytesMin = 6 * 1024 ** 3;

export function whatIsMissing(): string[] {
  if (process.platform !== 'linux') return [`drill-fresh needs Linux, this is ${process.platform}: run it on a Debian machine or in CI`];
  if (process.getuid?.() !== 0) return ['drill-fresh needs root, to make a machine in a folder: sudo make drill-fresh'];
  const missing = ['debootstrap', 'unshare', 'chroot', 'mount', 'git']
    .filter((name) => outerProgram(name) === undefined)
    .map(
      (name) => `${name} was not found: apt-get install ${name === 'debootstrap' || name === 'git' ? name : 'util-linux mount coreutils'}`,
    );
  if (outerProgram('npm') === undefined || outerProgram('node') === undefined)
    missing.push('drill-fresh copies the Node.js and npm of this machine, and there is none outside the project: install Node.js');
  if (missing.length === 0 && spawnSync('unshare', ['--mount', '--pid', '--fork', 'true'], { stdio: 'ignore' }).status !== 0)
    missing.push('this machine lets nobody make mounts of his own: run it outside a container, or in a privileged one');
  const disk = statfsSync(tmpdir());
  if (disk.bavail * disk.bsize < freeBytesMin)
    missing.push(`drill-fresh needs ${freeBytesMin / 1024 ** 3} GiB at ${tmpdir()}: make room, or set TMPDIR to a folder on another disk`);
  return missing;
}
