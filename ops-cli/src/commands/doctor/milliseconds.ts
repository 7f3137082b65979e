const units: Readonly<Record<string, number>> = { '': 1, us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration as PostgreSQL writes it (`5ms`, `2 min`, `3000`); NaN for anything else. */
export function milliseconds(text: string): number {
  const [, number = '', unit = ''] = /^'?\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*'?$/.exec(text) ?? [];
  return number === '' ? Number.NaN : Number(number) * (units[unit] ?? Number.NaN);
}
