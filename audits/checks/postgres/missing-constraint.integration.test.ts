import { expect, test } from 'vitest';
import { plantedDatabase } from '../../test/planted-database.ts';
import check from './missing-constraint.ts';

const database = plantedDatabase();

async function subjects(): Promise<string[]> {
  return (await database.look(check)).findings.map((finding) => finding.subject);
}

test('the migrated schema holds its whole model', async () => {
  const { examined, findings } = await database.look(check);
  expect(examined).toBeGreaterThan(30);
  expect(findings).toEqual([]);
});

test.each([
  ['the foreign key of conversations', 'alter table conversations drop constraint fk_conversations_sanctum', 'fk_conversations_sanctum'],
  ['the one conversation per sanctum', 'drop index idx_conversations_sanctum_id_unique', 'idx_conversations_sanctum_id_unique'],
  ['a value that has to be there', 'alter table posts alter column title drop not null', 'posts.title'],
])('%s is named when it is lost, and the pasted fix brings it back', async (_name, fault, subject) => {
  await database.sql(fault);
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual([subject]);
  await database.paste(findings[0]?.fix ?? '');
  expect(await subjects()).toEqual([]);
});

test('a sanctum without its conversation and its owner is named, and the pasted fixes help', async () => {
  await database.sql(
    `insert into users (username, email, password_hash, display_name) values ('ada', 'ada@example.org', 'x', 'Ada')`,
    `insert into sanctums (name, title, owner_id) select 'lost', 'Lost', id from users where username = 'ada'`,
  );
  const { findings } = await database.look(check);
  expect(findings.map((finding) => finding.subject)).toEqual(['sanctum-without-conversation', 'sanctum-without-owner']);
  for (const finding of findings) await database.paste(finding.fix);
  expect(await subjects()).toEqual([]);
});
