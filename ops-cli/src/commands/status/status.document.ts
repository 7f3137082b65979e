export interface StatusDocument {
  readonly state: 'running' | 'degraded' | 'stopped';
  readonly urls: { readonly web: string; readonly api: string; readonly metrics: string } | null;
  /** `platform` stands for all its instances: ready when all of them are; process and port are those of the first. */
  readonly processes: { readonly platform: Part; readonly proxy: Part; readonly postgres: Part; readonly redis: Part };
  /** Every instance of the platform by itself. */
  readonly instances: readonly (Part & { readonly instance: number; readonly log: string })[];
  readonly versions: { readonly sanctum: string; readonly node: string; readonly postgres: string | null; readonly redis: string | null };
  readonly stores: { readonly database: 'embedded' | 'external'; readonly redis: 'server' | 'external' | 'in-process' } | null;
  /** Null when the database could not be looked at. */
  readonly migrations: { readonly head: string | null; readonly pending: number; readonly findings: number } | null;
  readonly folders: { readonly state: string; readonly database: string | null; readonly logs: string; readonly secrets: string };
}

export interface Part {
  readonly state: string;
  readonly pid: number | null;
  readonly port: number | null;
  readonly detail: string | null;
}
