import pg from 'pg';

const connectTimeoutMs = 2_500;
const statementTimeoutMs = 2_500;
/** The setting is younger than the server, or a pooler in between takes no options. */
const optionsRefused = new Set(['42704', '08P01', '0A000']);
/** Bounds that a role or a database was given must not end our own session: they are what we look for. */
const ownSession = '-c transaction_timeout=0 -c idle_session_timeout=0';

/** A session of doctor's own. Its statements are bounded whatever the role or the database was given. */
export async function connect(url: string, more: pg.ClientConfig = {}): Promise<pg.Client> {
  const settings = {
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 500,
    lock_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    ...more,
  };
  const options = [ownSession, more.options].filter((part) => part !== undefined).join(' ');
  try {
    return await open(url, { ...settings, options });
  } catch (error) {
    if (!optionsRefused.has(errorCode(error) ?? '')) throw error;
    return open(url, settings);
  }
}

/** A session that asks for nothing: it gets what the server, the database and the role were given. */
export async function connectPlainly(url: string): Promise<pg.Client> {
  return open(url, { query_timeout: statementTimeoutMs });
}

async function open(url: string, settings: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'sanctum-doctor',
    ...settings,
  });
  client.on('error', () => undefined); // The rejected promise already carries it.
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => undefined); // It never was open; a server that hangs would not answer the goodbye either.
    throw error;
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function errorText(error: unknown): string {
  const code = errorCode(error);
  const message = error instanceof Error && error.message !== '' ? error.message : String(code ?? error);
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
