/** Whom an address stands for. One household or server has a whole /64 of IPv6 addresses, and one IPv4 address. */
import { isIP } from 'node:net';

const groupsOfNetwork = 4;
const mappedGroup = 0xffff;

/**
 * An IPv4 address as it is, also when it is written as IPv6 in dots or in hexadecimal; of an IPv6 address its /64 without
 * its zone. What a proxy writes around an address, brackets and a port, is not part of it; what is no address at all is one
 * network, so that inventing addresses wins nothing.
 */
export function networkOf(address: string): string {
  // As a connection gives it: nothing around it to take off.
  if (isIP(address) === 4) return address;
  const bare = bareAddressOf(address);
  if (isIP(bare) === 4) return bare;
  if (isIP(bare) !== 6) return 'unknown';
  const groups = groupsOf(bare);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === mappedGroup;
  if (isMapped) return [groups[6] ?? 0, groups[7] ?? 0].flatMap((group) => [group >> 8, group & 255]).join('.');
  return `${groups
    .slice(0, groupsOfNetwork)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** Without brackets, port and zone. */
function bareAddressOf(address: string): string {
  const [withoutZone = ''] = address.trim().split('%');
  const bracketed = /^\[([^\]]*)\]?(?::\d*)?$/.exec(withoutZone)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(withoutZone)?.[1] ?? withoutZone;
}

/** The eight numbers of an IPv6 address in any of its spellings. */
function groupsOf(address: string): number[] {
  const [left = '', right] = dotsAsGroups(address).split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [head, tail] = [parse(left), parse(right ?? '')];
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array.from({ length: zeros }, () => 0), ...tail];
}

function dotsAsGroups(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_dots, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}
