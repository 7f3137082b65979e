const browsers = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\//, 'curl'],
] as const;

const systems = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;

const match = (known: readonly (readonly [RegExp, string])[], userAgent: string) => known.find(([pattern]) => pattern.test(userAgent))?.[1];

/** "Firefox on Linux"; the user agent itself, shortened, where it is none we know. */
export function describeDevice(userAgent: string): string {
  const browser = match(browsers, userAgent);
  const system = match(systems, userAgent);
  if (browser === undefined) return userAgent === '' ? 'Unknown device' : userAgent.slice(0, 60);
  return system === undefined ? browser : `${browser} on ${system}`;
}
