import { createServer } from 'node:net';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { systemErrorCode } from './local-error.ts';

const loopbackAddress = '127.0.0.1';
const tcpListen = '0A';
const processesMax = 20_000;
const lsofTimeoutMs = 5_000;

/** True when this process could bind the port on `host` now. */
export async function isPortFree(port: number, host = loopbackAddress): Promise<boolean> {
  return (await bindOnce(port, host)) !== undefined;
}

/** `preferred` if it can be bound, else a port that the system gives; loopback only. */
export async function choosePort(preferred?: number): Promise<number> {
  const port = (preferred === undefined ? undefined : await bindOnce(preferred, loopbackAddress)) ?? (await bindOnce(0, loopbackAddress));
  if (port === undefined) throw new Error('the system gives no free port on 127.0.0.1');
  return port;
}

function bindOnce(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = systemErrorCode(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}

/** The process that listens on a TCP port, as far as this user may see it. */
export interface PortOwner {
  readonly pid: number;
  readonly command: string;
}

/** Who listens on `port`; undefined when nobody does or when this user may not look. */
export function portOwner(port: number): PortOwner | undefined {
  return process.platform === 'linux' ? portOwnerFromProc(port) : portOwnerFromLsof(port);
}

export function describePortOwner(port: number): string {
  const owner = portOwner(port);
  return owner === undefined ? 'a process that this user may not see' : `process ${owner.pid} (${owner.command})`;
}

function portOwnerFromProc(port: number): PortOwner | undefined {
  const inodes = new Set([...listeningInodes('/proc/net/tcp', port), ...listeningInodes('/proc/net/tcp6', port)]);
  if (inodes.size === 0) return undefined;
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .slice(0, processesMax);
  for (const pid of pids) {
    if (holdsSocket(pid, inodes)) return { pid: Number(pid), command: commandLine(pid) };
  }
  return undefined;
}

function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readOptional(table)?.split('\n').slice(1) ?? [];
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((cells) => cells[1]?.endsWith(`:${wanted}`) === true && cells[3] === tcpListen)
    .flatMap((cells) => (cells[9] === undefined ? [] : [cells[9]]));
}

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    // Another user's process, or one that ended meanwhile: it cannot be looked at.
    return false;
  }
  return descriptors.some((descriptor) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    } catch {
      // Closed between the two looks.
      return false;
    }
  });
}

function commandLine(pid: string): string {
  return (readOptional(`/proc/${pid}/cmdline`) ?? '').split('\0').join(' ').trim().slice(0, 120) || 'unknown';
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}

function portOwnerFromLsof(port: number): PortOwner | undefined {
  try {
    const text = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8', timeout: lsofTimeoutMs });
    const pid = /^p(\d+)$/m.exec(text)?.[1];
    return pid === undefined ? undefined : { pid: Number(pid), command: /^c(.*)$/m.exec(text)?.[1] ?? 'unknown' };
  } catch {
    // lsof answers 1 when nothing listens, and may be absent: either way nobody can be named.
    return undefined;
  }
}
