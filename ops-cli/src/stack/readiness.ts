/** The parts that `/ready` calls broken, one line each; the body itself when it has another shape. */
export function brokenParts(body: unknown): string[] {
  const parts = typeof body === 'object' && body !== null && 'parts' in body ? body.parts : undefined;
  if (typeof parts !== 'object' || parts === null) return [JSON.stringify(body).slice(0, 300)];
  return Object.entries(parts as Readonly<Record<string, { ok?: unknown; detail?: unknown }>>)
    .filter(([, part]) => part.ok !== true)
    .map(([name, part]) => `${name}: ${String(part.detail)}`);
}
