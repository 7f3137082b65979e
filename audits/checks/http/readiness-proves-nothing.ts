import { CouldNotLook, defineCheck, fingerprint } from '../../src/check.ts';
import type { DatabaseTarget, Finding } from '../../src/check.ts';
import { ask, excerpt, isObject, jsonObject, tokenFix } from '../../src/http/answers.ts';

const id = 'http/readiness-proves-nothing';
const source = 'platform/src/http/routes/health.ts';
const partNames = ['database', 'migrations', 'store'] as const;

interface Part {
  readonly ok: boolean;
  readonly required: boolean;
  readonly durationMs: number;
  readonly detail: string;
}

export default defineCheck({
  id,
  title: 'Readiness that proves nothing, or says no',
  area: 'failure-paths',
  severity: 'high',
  needs: ['http', 'database'],
  requirements: ['OBS-10'],
  timeoutMs: 15_000,
  run: async ({ http, db }) => {
    const [ready, health] = [await ask(http, '/ready'), await ask(http, '/health')];
    const body = jsonObject(ready.text);
    const parts = isObject(body?.['parts']) ? body['parts'] : undefined;
    if (parts === undefined && isForStrangers(ready.status, body)) {
      throw new CouldNotLook('GET /ready shows its parts only to whoever sends the token, which is not known here.', { fix: tokenFix });
    }
    if (parts === undefined) {
      const detail = `GET /ready answers ${ready.status} "${excerpt(ready.text)}" and names nothing that it looked at.`;
      return { examined: partNames.length, findings: [finding('GET /ready', detail)] };
    }
    const findings = [
      ...partNames.flatMap((name) => partFindings(name, parts[name])),
      ...statusFindings(ready.status, body?.['status'], parts),
      ...(await schemaFindings(db, parts['migrations'])),
      ...healthFindings(health.status, health.text, ready.text),
    ];
    return { examined: partNames.length + 3, findings };
  },
});

function finding(subject: string, detail: string, more: Partial<Finding> = {}): Finding {
  return {
    subject,
    detail,
    location: source,
    risk: 'A load balancer sends requests to an instance that cannot answer them, and a deploy goes on over it.',
    impact: 'Everybody whose request lands there.',
    fix: `See what it says: curl -s -H "authorization: Bearer $OPERATIONS_TOKEN" "$SANCTUM_URL/ready"; then let ${source} prove each part by doing it.`,
    fingerprint: fingerprint(id, subject, detail.replaceAll(/\d+(\.\d+)?/g, '#')),
    ...more,
  };
}

/** Exactly what strangers are told: the word that belongs to the status, and nothing else. */
function isForStrangers(status: number, body: Record<string, unknown> | undefined): boolean {
  if (body === undefined || Object.keys(body).length !== 1) return false;
  return (status === 200 && body['status'] === 'ready') || (status === 503 && body['status'] === 'not_ready');
}

function isPart(value: unknown): value is Part {
  return (
    isObject(value) && typeof value['ok'] === 'boolean' && typeof value['durationMs'] === 'number' && typeof value['detail'] === 'string'
  );
}

function partFindings(name: string, part: unknown): Finding[] {
  const subject = `/ready: ${name}`;
  if (!isPart(part)) return [finding(subject, `/ready does not say whether it looked at: ${name}.`)];
  if (!part.ok) {
    const fix = name === 'migrations' ? 'npx sanctum-ops migrate status' : 'npx sanctum-ops doctor';
    return [
      finding(subject, `/ready says that ${name} is not in order: ${part.detail.replace(/\.$/, '')}.`, {
        severity: part.required ? 'critical' : 'high',
        fix,
      }),
    ];
  }
  if (part.durationMs <= 0) return [finding(subject, `/ready calls ${name} fine after ${part.durationMs} ms: it cannot have asked.`)];
  if (name === 'store' && !/published and received/.test(part.detail)) {
    return [finding(subject, `/ready calls the store fine ("${part.detail}") without a message that came back.`)];
  }
  return [];
}

/** The status code is what a load balancer sees; it has to follow from the parts. */
function statusFindings(status: number, word: unknown, parts: Record<string, unknown>): Finding[] {
  const isReady = Object.values(parts).every((part) => isPart(part) && (part.ok || !part.required));
  const says = status === 200 && word === 'ready';
  if (says === isReady && (says || (status === 503 && word === 'not_ready'))) return [];
  return [finding('/ready: status', `/ready answers ${status} "${String(word)}", and its parts say ${isReady ? 'ready' : 'not ready'}.`)];
}

/** Reality: the migration that the database itself names. */
async function schemaFindings(db: DatabaseTarget, part: unknown): Promise<Finding[]> {
  if (!isPart(part) || !part.ok) return [];
  const claimed = /migration (\d+)/.exec(part.detail)?.[1];
  const rows = await db.query<{ applied: number }>(
    `select coalesce(max(number), 0)::integer as applied from schema_migrations where state = 'applied'`,
  );
  const applied = rows[0]?.applied;
  if (applied === undefined) throw new CouldNotLook('schema_migrations answered no row.', { fix: 'npx sanctum-ops migrate status' });
  if (claimed !== undefined && Number(claimed) === applied) return [];
  const says = claimed === undefined ? `names no migration ("${part.detail}")` : `says that the schema is at migration ${claimed}`;
  const fix = 'Make sure that the platform and this review look at the same database (DATABASE_URL), then: npx sanctum-ops migrate status';
  return [finding('/ready: migrations', `/ready ${says}; the database is at ${applied}.`, { fix })];
}

function healthFindings(status: number, health: string, ready: string): Finding[] {
  if (status !== 200) return [finding('GET /health', `/health answers ${status} although the process lives.`, { severity: 'critical' })];
  const body = jsonObject(health);
  if (health !== ready && body?.['parts'] === undefined && body?.['status'] !== 'ready') return [];
  return [
    finding('GET /health', '/health answers what /ready answers: a broken store would get living processes restarted.', {
      severity: 'medium',
    }),
  ];
}
