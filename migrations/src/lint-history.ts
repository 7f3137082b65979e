import { copyModel, createModel } from './schema-model.ts';
import type { SchemaModel } from './schema-model.ts';
import type { KnownSchema } from './schema-source.ts';

export interface History {
  /** The model that a file finds; it is handed out to be taken forward by that file. */
  before(file: string): SchemaModel;
}

/**
 * Which model a file stands on. What a database or a dump says is true now: it counts for files that are not applied yet,
 * and never for those that made it, because they would find their own effects and fall silent.
 */
export function createHistory(schema: KnownSchema, wanted: ReadonlySet<string> | null): History {
  const replayed = createModel();
  const live = schema.model === null ? null : copyModel(schema.model);
  const isPending = (file: string): boolean => {
    if (schema.applied !== null) return !schema.applied.has(file);
    return schema.isBaseline || wanted?.has(file) === true;
  };
  return { before: (file) => (live !== null && isPending(file) ? live : replayed) };
}
