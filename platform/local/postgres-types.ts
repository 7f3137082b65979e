/** `starting` covers starting up and replaying the log after a crash; `foreign` means that somebody else answers at our port. */
export type PostgresState = 'absent' | 'half-initialised' | 'stopped' | 'starting' | 'running' | 'foreign';

export interface PostgresStatus {
  readonly state: PostgresState;
  readonly dataDir: string;
  readonly logFile: string;
  readonly pid?: number;
  readonly port?: number;
  /** The server's version, for example `18.4`; only while it runs. */
  readonly version?: string;
  /** What was seen, in words, when the state needs an explanation. */
  readonly detail?: string;
}

export interface EmbeddedPostgresOptions {
  /** Belongs to this supervisor alone; its parent must be enterable by the user the server runs as. */
  readonly dataDir: string;
  readonly logFile: string;
  /** Of the superuser `postgres`, who exists for the supervisor; used when the cluster is made and for every look. */
  readonly password: string;
  /** A fixed port; without it one is chosen by binding and remembered beside the data folder. */
  readonly port?: number;
  /** The port to try first where none was remembered; 0 takes one that the system gives. */
  readonly preferredPort?: number;
  /** Server settings, passed on the command line so that a changed value holds from the next start. */
  readonly settings?: Readonly<Record<string, string>>;
  /** False leaves out every fsync of initdb: only for clusters that nobody will miss. */
  readonly sync?: boolean;
}

export interface EmbeddedPostgres {
  initialise(): Promise<{ created: boolean }>;
  start(): Promise<{ url: string; port: number; pid: number; alreadyRunning: boolean }>;
  stop(): Promise<'absent' | 'stopped' | 'killed'>;
  status(): Promise<PostgresStatus>;
  /** The superuser's URL at the remembered port; says nothing about whether it answers. */
  url(): string | undefined;
}
