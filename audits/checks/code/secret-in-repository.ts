import { defineCheck, fingerprint, type Finding } from '../../src/check.ts';

/** Shapes of real credentials; each is specific enough that a hit is worth a look. */
const shapes: readonly { name: string; pattern: RegExp }[] = [
  { name: 'private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ },
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { name: 'GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b/ },
  { name: 'Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/ },
  { name: 'signed JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}\b/ },
  {
    name: 'value of a secret setting',
    pattern: /\b[A-Z_]*(?:SECRET|PASSWORD|API_KEY|PRIVATE_KEY)\s*[=:]\s*['"]?(?=[^\s'"]*\d)[A-Za-z0-9+/_=-]{24,}/,
  },
  {
    name: 'password in a connection URL',
    pattern: /\b(?:postgres(?:ql)?|rediss?|amqp|mongodb):\/\/[^\s:@/'"`$]*:(?=[^\s@'"`]*\d)[^\s@'"`${}<]{12,}@/,
  },
];

/** Generated or binary: hashes there look like secrets. */
const notRead = /(^|\/)(package-lock\.json|checksums\.json)$|\.(png|jpg|jpeg|webp|gif|ico|woff2?|pdf|zip|gz)$/;
const fileCharactersMax = 2_000_000;
const lineCharactersMax = 4_000;

export default defineCheck({
  id: 'code/secret-in-repository',
  title: 'Secret in the repository',
  area: 'security',
  severity: 'critical',
  needs: ['repository'],
  requirements: ['SEC-10', 'REV-04'],
  timeoutMs: 30_000,
  run: async ({ repository }) => {
    const paths = (await repository.tracked()).filter((path) => !notRead.test(path));
    const findings: Finding[] = [];
    let examined = 0;
    for (const path of paths) {
      const text = await repository.read(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined; // Deleted but not yet committed, or a link to a folder.
        throw error;
      });
      if (text === undefined) continue;
      examined += 1;
      if (text.length > fileCharactersMax) continue;
      for (const [index, line] of text.split('\n').entries()) {
        const hit = shapes.find(({ pattern }) => pattern.test(line.slice(0, lineCharactersMax)));
        if (hit === undefined) continue;
        findings.push({
          subject: path,
          detail: `Line ${index + 1} holds what looks like a ${hit.name}.`,
          location: `${path}:${index + 1}`,
          risk: 'Everyone who can read the repository, now or in its history, holds the credential.',
          impact: 'Accounts, data and servers behind it.',
          fix: `Revoke the credential where it was issued first, then take it out of ${path} and read it from the environment (see .env.example). Removing the line alone leaves it in the history.`,
          fingerprint: fingerprint('secret', path, hit.name, line.trim()),
        });
      }
    }
    return { examined, findings };
  },
});
