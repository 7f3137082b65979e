/** A person of a drill who uses the platform over HTTP, by cookie as a browser does or by Bearer token as a program does. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const answerTimeoutMs = 15_000;

export interface Answer {
  /** 0 when none came: refused, reset, or silent for too long. Whether the request was carried out is then not known. */
  readonly status: number;
  readonly text: string;
  readonly durationMs: number;
  /** The server says that it gives the answer of an earlier request with this Idempotency-Key again. */
  readonly isReplayed: boolean;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  readonly body?: object;
  readonly idempotencyKey?: string;
  /** The client hangs up after this time, whatever the server then does. */
  readonly patienceMs?: number;
}

export interface Member {
  readonly username: string;
  readonly credentials: 'cookie' | 'token';
  request(method: Method, path: string, options?: RequestOptions): Promise<Answer>;
  /** Headers that prove who this is, for whoever asks another address. */
  readonly proof: Readonly<Record<string, string>>;
  /** A further session of the same person. Throws when the platform does not give one. */
  signInAgain(): Promise<Member>;
}

const signedInShape = z.object({ accessToken: z.string().optional() });

/** Registers a person. Throws when the platform refuses. */
export async function register(url: string, credentials: Member['credentials']): Promise<Member> {
  const username = `drill_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(18).toString('base64url');
  const account = { username, password, credentials };
  return openSession(url, '/api/auth/register', account, { ...account, email: `${username}@example.org` });
}

/** A reader who is not signed in. */
export function anonymous(url: string): Pick<Member, 'request'> {
  return { request: (method, path, options = {}) => send(new URL(path, url), method, {}, options) };
}

/** The same session at another address, of one instance for example. */
export function at({ proof }: Pick<Member, 'proof'>, url: string): Pick<Member, 'request'> {
  return { request: (method, path, options = {}) => send(new URL(path, url), method, proof, options) };
}

interface Account {
  readonly username: string;
  readonly password: string;
  readonly credentials: Member['credentials'];
}

async function openSession(url: string, path: string, account: Account, body: object): Promise<Member> {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  const { accessToken } = signedInShape.parse(JSON.parse(text));
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const proof = accessToken === undefined ? { cookie, 'sec-fetch-site': 'same-origin' } : { authorization: `Bearer ${accessToken}` };
  return {
    username: account.username,
    credentials: account.credentials,
    proof,
    request: (method, to, options = {}) => send(new URL(to, url), method, proof, options),
    signInAgain: () => {
      const { username: name, password, credentials } = account;
      return openSession(url, '/api/auth/sign-in', account, { name, password, credentials });
    },
  };
}

async function send(
  url: URL,
  method: Method,
  proof: Readonly<Record<string, string>>,
  { body, idempotencyKey, patienceMs = answerTimeoutMs }: RequestOptions,
): Promise<Answer> {
  const started = performance.now();
  const headers = {
    ...proof,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    const isReplayed = response.headers.get('idempotency-replayed') === 'true';
    return { status: response.status, text, durationMs: performance.now() - started, isReplayed };
  } catch (error) {
    // No answer is what these drills are about: it is counted, never thrown.
    return {
      status: 0,
      text: String(error instanceof Error ? (error.cause ?? error) : error),
      durationMs: performance.now() - started,
      isReplayed: false,
    };
  }
}

const idShape = z.object({ id: z.string() });

/** The id of what a creating request made. */
export function idOf(answer: Answer): string {
  return idShape.parse(JSON.parse(answer.text)).id;
}

/** Founds a sanctum by the first member and lets the others join. Throws when the platform refuses. */
export async function foundSanctum(members: readonly Member[]): Promise<string> {
  const name = `drill_${randomBytes(5).toString('hex')}`;
  const [founder, ...others] = members;
  const answers = [await founder?.request('POST', '/api/sanctums', { body: { name, title: 'Drill' } })];
  for (const member of others) answers.push(await member.request('PUT', `/api/sanctums/${name}/membership`));
  const refused = answers.find((answer) => answer === undefined || answer.status >= 300 || answer.status === 0);
  if (refused !== undefined)
    throw new Error(`the sanctum of the drill could not be founded: ${refused.status} ${refused.text.slice(0, 300)}`);
  return name;
}
