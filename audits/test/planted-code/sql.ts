import type { PlantedCode } from './planted.ts';

const head = `import { defineQuery } from '../../db/query.ts';\n`;
const query = (text: string) =>
  `defineQuery({ name: 'a.b', access: 'read', params: {}, text: ${text}, budgetMs: 5, usesIndex: [], sample: {}, row: undefined })`;

export const sqlFromInput: PlantedCode = {
  check: 'code/sql-from-input',
  path: 'platform/src/features/planted/*.queries.ts',
  planted: {
    'a sort put into the text': 'export const list = (sort: string) =>\n  §`select id from posts order by ${sort}`;',
    'a name joined on': 'export const find = (name: string) =>\n  §"select id from posts where name = \'" + name + "\'";',
    'a text from parts': "export const list = (where: string) =>\n  §['select id from posts where', where].join(' ');",
    'a placeholder replaced':
      "const text = 'select id from posts order by %';\nexport const list = (sort: string) =>\n  §text.replace('%', sort);",
    'format of node':
      "import { format } from 'node:util';\nexport const list = (sort: string) =>\n  §format('select id from posts order by %s', sort);",
    'a query declared with input': `${head}export const list = (table: string) =>\n  ${query('§`select id from ${table}`')};`,
    'input through a helper':
      'const ordered = (sort: string) => §`select id from posts order by ${sort}`;\nexport const list = (request: { sort: string }) => ordered(request.sort);',
    'a setting in the text': "const schema = process.env['SCHEMA'] ?? 'public';\nexport const list = §`select id from ${schema}.posts`;",
    'a limit put into the text': 'export function list(limit: number) {\n  §return `select id from posts order by id limit ${limit}`;\n}',
    'a text that is appended to':
      "export function list(name: string) {\n  let text = 'select id from posts where true';\n  §text += ` and name = '${name}'`;\n  return text;\n}",
    'concat of strings': "export const list = (sort: string) =>\n  §'select id from posts order by '.concat(sort);",
    'dynamic SQL of the server': "§export const list = `do $$ begin execute format('select * from %s', current_setting('a.b')); end $$`;",
  },
  silent: {
    'a constant fragment': "const columns = 'id, title';\nexport const list = `select ${columns} from posts where id = $1`;",
    'a fragment by a function while loading':
      "const asJson = (alias: string) => `json_build_object('id', ${alias}.id)`;\nexport const list = `select ${asJson('p')} from posts p`;",
    'a constant number': 'const rowsMax = 101;\nexport const list = `select id from posts order by id limit ${rowsMax}`;',
    'constants joined': "export const list = ['select id', 'from posts'].join(' ');",
    'a choice between constants': "export const list = (newest: boolean) => `select id from posts order by id ${newest ? 'desc' : 'asc'}`;",
    'a choice by its type': "export const list = (column: 'id' | 'title') => `select id from posts order by ${column}`;",
    'an entry picked by name':
      "const texts = { hot: 'select id from posts order by hot', new: 'select id from posts order by id' } as const;\nexport const textOf = (sort: 'hot' | 'new') => texts[sort];",
    'queries made from a table while loading': `${head}const make = (column: string) => ${query('`select id from posts order by ${column}`')};\nexport const queries = ['hot', 'top'].map(make);`,
    'a message that begins like SQL': 'export const message = (name: string) => `Select a sanctum from the list, ${name}.`;',
    'an error about a query': 'export const problem = (name: string) => new Error(`query "${name}" has no parameter`);',
  },
};

export const offset: PlantedCode = {
  check: 'code/offset-pagination',
  path: 'platform/src/features/pages/*.queries.ts',
  planted: {
    'an offset': 'export const list =\n  §`select id from posts order by id limit $1 offset $2`;',
    'an offset in upper case with rows':
      'export const list =\n  §`select id from posts order by id OFFSET $1 ROWS fetch next 10 rows only`;',
    'a page number': 'export const list =\n  §`select id from posts order by id limit 20 offset ($1::int - 1) * 20`;',
    'an offset in a fragment': "const page = §'limit $1 offset $2';\nexport const list = `select id from posts order by id ${page}`;",
  },
  silent: {
    'a key': 'export const list = `select id from posts where id < $1 order by id desc limit $2`;',
    'an offset that keeps the planner from inlining': 'export const list = `select id from (select id from posts offset 0) p`;',
    'a column of that name': 'export const list = `select time_offset from posts where id = $1`;',
    'a word in a comment': 'export const list = `select id from posts where id < $1 -- never offset 10\\n order by id`;',
  },
};
