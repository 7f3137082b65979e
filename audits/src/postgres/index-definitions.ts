import type { RepositoryTarget } from '../check.ts';
import { concurrently } from './scope.ts';

export interface IndexDefinition {
  readonly name: string;
  readonly table: string;
  /** `create index concurrently …;` */
  readonly statement: string;
}

const createIndex =
  /create\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?"?(\w+)"?\s+on\s+(?:only\s+)?((?:"?\w+"?\.)?"?\w+"?)[^;]*/gi;

/** Every index that the migrations create, by name; the last definition wins. */
export async function indexDefinitions(repository: RepositoryTarget): Promise<Map<string, IndexDefinition>> {
  const found = new Map<string, IndexDefinition>();
  for (const file of await repository.files('migrations/sql/*.sql')) {
    if (file.endsWith('.down.sql')) continue;
    const text = (await repository.read(file)).replace(/--[^\n]*/g, '');
    for (const match of text.matchAll(createIndex)) {
      const [statement, name = '', table = ''] = match;
      found.set(name, { name, table, statement: concurrently(statement) });
    }
  }
  return found;
}
