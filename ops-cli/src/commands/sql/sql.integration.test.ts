import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScratchDatabase, type ScratchDatabase } from '../../../../migrations/test/scratch.ts';
import { runCli } from '../../../test/run-cli.ts';
import { rowsMax } from './sql.handler.ts';

let database: ScratchDatabase;
beforeAll(async () => {
  database = await createScratchDatabase();
  await database.client.query('create table things (name text)');
});
afterAll(() => database.close());

const sql = (...argv: string[]) => runCli(['sql', ...argv, '--database-url', database.url]);

describe('sanctum-ops sql', () => {
  it('prints rows as a table, with nothing that a terminal would obey', async () => {
    const { code, stdout } = await sql("select 1 as one, e'a\\nb\\x1b[31m' as two, null as three");
    expect(code).toBe(0);
    expect(stdout).toBe('one  two             three\n1    a\\nb\\u{1b}[31m  ∅\n1 row\n');
  });

  it('gives JSON with the text of every value, columns of one name included', async () => {
    const { stdout } = await sql("select 1 as a, 'x' as a", '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'sanctum.sql/1',
      answers: [{ columns: ['a', 'a'], rows: [['1', 'x']], hasMore: false }],
    });
  });

  it('ends a long list and says that there is more', async () => {
    const { code, stdout } = await sql(`select generate_series(1, ${rowsMax + 5})`, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).answers[0]).toMatchObject({ hasMore: true });
    expect(JSON.parse(stdout).answers[0].rows).toHaveLength(rowsMax);
  });

  it.each(["insert into things values ('x')", "select 1; commit; insert into things values ('x')", 'drop table things', 'commit'])(
    'changes nothing by %j without --write',
    async (statement) => {
      await sql(statement);
      expect((await database.client.query('select * from things')).rows).toEqual([]);
    },
  );

  it('says how to go on when a statement would change something, is wrong, or reaches no server', async () => {
    expect(await sql("insert into things values ('x')")).toMatchObject({ code: 2, stderr: expect.stringContaining('--write') });
    expect(await sql('selec')).toMatchObject({ code: 1, stderr: expect.stringContaining('syntax error') });
    expect(await sql(' ')).toMatchObject({ code: 2 });
    const nobody = await runCli(['sql', 'select 1', '--database-url', 'postgres://a:b@127.0.0.1:1/c']);
    expect(nobody).toMatchObject({ code: 3, stderr: expect.stringContaining('doctor') });
    expect(nobody.stderr).not.toContain('a:b');
  });

  it('with --write runs several statements and asks where somebody can be asked', async () => {
    expect(await sql('--write', "insert into things values ('x')")).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const { code, stdout } = await sql(
      '--write',
      '--yes',
      "insert into things values ('x'), ('y'); select name from things; truncate things",
    );
    expect(code).toBe(0);
    expect(stdout).toBe('INSERT 2\nname\nx\ny\n2 rows\nTRUNCATE\n');
  });
});
