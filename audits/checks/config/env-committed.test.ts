import { expect, test } from 'vitest';
import { createTemporaryRepository, runOnRepository } from '../../test/temporary-repository.ts';
import check from './env-committed.ts';

// Put together at run time: this file itself is examined by another check.
const planted = ['k3Jd0vTq7Zx1Lw9R', 'b5Yc8Nf2Hs6Mg4Pa'].join('');

const clean = {
  '.gitignore': 'node_modules/\n.env\n.env.*\n!.env.example\n',
  '.env.example':
    'DATABASE_URL=postgres://sanctum:CHANGE_ME@127.0.0.1:5432/sanctum\n#REDIS_URL=redis://:CHANGE_ME@127.0.0.1\nJWT_SECRET="CHANGE_ME: openssl rand -base64 48"\nLOG_LEVEL=info\n',
  '.env': 'JWT_SECRET=ignored\n',
};

test('placeholders and an ignored .env are no findings', async () => {
  await using house = await createTemporaryRepository(clean);
  expect(await runOnRepository(check, house.repository)).toEqual({ examined: 2, findings: [] });
});

test.each(['.env', 'platform/.env.production', 'deploy/secrets.env'])(
  '%s that git would add is critical, and gone when ignored',
  async (path) => {
    await using house = await createTemporaryRepository({
      ...clean,
      '.gitignore': '.env.example.old\n.env\n!.env\n',
      [path]: 'JWT_SECRET=x\n',
    });
    const { findings } = await runOnRepository(check, house.repository);
    expect(findings.map((finding) => finding.subject)).toEqual(expect.arrayContaining([path, '.gitignore']));
    expect(findings.find((finding) => finding.subject === path)?.fix).toContain(`git rm --cached --ignore-unmatch -- '${path}'`);
    house.write('.gitignore', `.env\n${path}\n`);
    expect((await runOnRepository(check, house.repository)).findings.map((finding) => finding.subject)).toEqual([]);
  },
);

test('a repository that ignores nothing is named, and the pasted line helps', async () => {
  await using house = await createTemporaryRepository({ 'README.md': 'x\n' });
  const { findings } = await runOnRepository(check, house.repository);
  expect(findings).toMatchObject([{ subject: '.gitignore', severity: 'high' }]);
  house.write('.gitignore', '.env\n.env.*\n!.env.example\n');
  expect((await runOnRepository(check, house.repository)).findings).toEqual([]);
});

test.each([
  ['JWT_SECRET', `JWT_SECRET=${planted}`],
  ['DATABASE_URL', '#DATABASE_URL=postgres://sanctum:Zt8qLr2v@db/sanctum'],
  ['SMTP_PASSWORD', 'SMTP_PASSWORD="Zt8qLr2v"'],
])('a real value of %s in the example is named with its line and never shown', async (name, line) => {
  await using house = await createTemporaryRepository({ ...clean, '.env.example': `LOG_LEVEL=info\n${line}\n` });
  const { findings } = await runOnRepository(check, house.repository);
  expect(findings).toMatchObject([{ subject: `.env.example: ${name}`, location: '.env.example:2' }]);
  expect(JSON.stringify(findings)).not.toMatch(/Zt8qLr2v|k3Jd0vTq/);
});
