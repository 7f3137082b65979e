import pg from 'pg';

const CONNECT_TIMEOUT_MS = 2_500;
const STATEMENT_TIMEOUT_MS = 2_500;
/** The setting is younger than the server, or a pooler in between takes no options. */
const OPTIONS_REFUSED = new Set(['42704', '08P01', '0A000']);
/** Bounds that a role or a database was given must not end our own session: they are what we look for. */
const OWN_SESSION = '-c transaction_timeout=0 -c idle_session_timeout=0';

/** A session of doctor's own. Its statements are bounded whatever the role or the database was given. */
export async function connect(url: string, more: pg.ClientConfig = {}): Promise<pg.Client> {
  const settings = {
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 500,
    lock_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    ...more,
  };
  const options = [OWN_SESSION, more.options].filter((part) => part !== undefined).join(' ');
  try {
    return await open(url, { ...settings, options });
  } catch (error) {
    if (!OPTIONS_REFUSED.has(errorCode(error) ?? '')) throw error;
    return open(url, settings);
  }
}

/** A session that asks for nothing: it gets what the server, the database and the role were given. */
export async function connectPlainly(url: string): Promise<pg.Client> {
  return open(url, { query_timeout: STATEMENT_TIMEOUT_MS });
}

async function open(url: string, settings: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
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
