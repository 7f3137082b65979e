import { readJsonObject, writeJson } from './json-file.ts';
import { probePostgres } from './postgres-probe.ts';
import type { EmbeddedPostgresOptions } from './postgres-types.ts';

export const superuserName = 'postgres';

/** What is remembered of a cluster between processes: where it served last. Written beside the data folder. */
export interface ClusterMemory {
  port(): number | undefined;
  remember(port: number): Promise<void>;
  /** Address of the superuser. */
  urlAt(port: number): string;
}

export function createClusterMemory({ dataDir, password }: Pick<EmbeddedPostgresOptions, 'dataDir' | 'password'>): ClusterMemory {
  const stateFile = `${dataDir}.json`;
  const urlAt = (port: number) => `postgresql://${superuserName}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const portIn = (state: Record<string, unknown> | undefined) => (typeof state?.['port'] === 'number' ? state['port'] : undefined);

  return {
    urlAt,
    port: () => portIn(readJsonObject(stateFile)),
    async remember(port) {
      const state = readJsonObject(stateFile);
      if (portIn(state) === port && typeof state?.['systemIdentifier'] === 'string') return;
      const answer = await probePostgres(urlAt(port));
      writeJson(stateFile, { port, ...(answer.kind === 'answers' ? { systemIdentifier: answer.systemIdentifier } : {}) });
    },
  };
}
