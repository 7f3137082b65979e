import { beforeAll, expect, test } from 'vitest';
import { filesOf, readCorpus } from '../test/corpus.ts';
import type { CorpusCase } from '../test/corpus.ts';
import { createTestFolder } from '../test/folder.ts';
import { lintMigrations } from './lint.ts';
import type { LintFinding } from './lint.ts';

interface Judged {
  readonly entry: CorpusCase;
  readonly findings: readonly LintFinding[];
}

const judged = { dangerous: [] as Judged[], safe: [] as Judged[] };

async function judge(entry: CorpusCase): Promise<Judged> {
  const folder = await createTestFolder(filesOf(entry), { sign: false });
  try {
    const { findings, notLooked } = await lintMigrations({ dir: folder.dir });
    expect(notLooked).toEqual([]);
    return { entry, findings: findings.filter((finding) => finding.number > 1) };
  } finally {
    await folder.close();
  }
}

beforeAll(async () => {
  for (const kind of ['dangerous', 'safe'] as const) for (const entry of readCorpus(kind)) judged[kind].push(await judge(entry));
}, 120_000);

const rulesOf = (findings: readonly LintFinding[]): string => findings.map((finding) => `${finding.rule} (${finding.severity})`).join(', ');

test('the corpus is large enough to say something', () => {
  expect(judged.dangerous.length).toBeGreaterThanOrEqual(70);
  expect(judged.safe.length).toBeGreaterThanOrEqual(80);
  expect(judged.dangerous.every(({ entry }) => entry.expected.length > 0)).toBe(true);
});

test('every dangerous migration is found, by the rule that knows why', () => {
  const missed = judged.dangerous
    .filter(({ entry, findings }) => !findings.some((finding) => entry.expected.includes(finding.rule)))
    .map(({ entry, findings }) => `${entry.name}: wanted ${entry.expected.join(' or ')}, got ${rulesOf(findings) || 'nothing'}`);
  const found = judged.dangerous.length - missed.length;
  process.stdout.write(`corpus: ${found} of ${judged.dangerous.length} dangerous migrations found, ${missed.length} missed\n`);
  expect(missed).toEqual([]);
});

test('no safe migration raises a finding', () => {
  const alarms = judged.safe
    .map(({ entry, findings }) => ({ entry, findings: findings.filter((finding) => finding.severity !== 'low') }))
    .filter(({ findings }) => findings.length > 0)
    .map(({ entry, findings }) => `${entry.name}: ${rulesOf(findings)}`);
  process.stdout.write(`corpus: ${alarms.length} false alarms on ${judged.safe.length} safe migrations\n`);
  expect(alarms).toEqual([]);
});
