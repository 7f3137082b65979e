/** What is asked of both checkouts, in this order: every kind of answer there is, as bytes on a connection. */
import { rateLimits } from '../../platform/src/limits/rate-limits.ts';

export interface Ask {
  /** The whole request. `{name}` stands for what an earlier answer gave. */
  readonly text: string;
  /** Kept from the answer under these names: the first group of each pattern. */
  readonly keep?: Readonly<Record<string, RegExp>>;
}

const line = (name: string, value: string) => `${name}: ${value}\r\n`;

function ask(method: string, path: string, { headers = {}, body = '', keep }: Partial<Parts> = {}): Ask {
  const all = { host: '127.0.0.1', ...headers, ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }) };
  const lines = Object.entries(all).map(([name, value]) => line(name, value));
  return { text: `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`, ...(keep === undefined ? {} : { keep }) };
}

interface Parts {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly keep: Readonly<Record<string, RegExp>>;
}

const asReader = { authorization: 'Bearer {token}' };
const json = { 'content-type': 'application/json' };
const sends = (value: object) => ({ headers: { ...asReader, ...json }, body: JSON.stringify(value) });

const signIns: readonly Ask[] = [
  ask('POST', '/api/auth/sign-in', {
    headers: json,
    body: JSON.stringify({ name: 'keeper', password: 'a long word of the keeper', credentials: 'token' }),
    keep: { token: /"accessToken":"([^"]+)"/, refresh: /"refreshToken":"([^"]+)"/ },
  }),
  ask('POST', '/api/auth/sign-in', {
    headers: json,
    body: JSON.stringify({ name: 'keeper', password: 'another long word', credentials: 'token' }),
  }),
  ask('POST', '/api/auth/sign-in', {
    headers: { ...json, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ name: 'keeper', password: 'a long word of the keeper' }),
    keep: { cookie: /(sanctum_access=[^;]+)/ },
  }),
  ask('POST', '/api/auth/register', {
    headers: json,
    body: JSON.stringify({
      username: 'newcomer',
      email: 'newcomer@example.org',
      password: 'eight long words and more',
      credentials: 'token',
    }),
  }),
];

const lists = ['hot', 'new', 'top'].flatMap((sort) =>
  ['/api/feeds/popular', '/api/feeds/home', '/api/sanctums/woodworking/posts', '/api/users/keeper/posts'].flatMap((path) => [
    ask('GET', `${path}?sort=${sort}&limit=2`, { headers: asReader, keep: { cursor: /"nextCursor":"([^"]+)"/ } }),
    ask('GET', `${path}?sort=${sort}&limit=7&cursor={cursor}`, { headers: asReader }),
    ask('GET', `${path}?sort=${sort}&limit=50`),
  ]),
);

const reads: readonly Ask[] = [
  ask('GET', '/api/feeds/popular', { keep: { post: /"id" ?: ?"(\d+)"/ } }),
  ask('GET', '/api/feeds/popular'),
  ask('HEAD', '/api/feeds/popular'),
  ask('GET', '/api/feeds/popular?limit=51'),
  ask('GET', '/api/feeds/popular?cursor=forged'),
  ask('GET', '/api/posts/{post}', { headers: asReader }),
  ask('GET', '/api/posts/{post}'),
  ask('GET', '/api/posts/{post}/comments?sort=top', { headers: asReader }),
  ask('GET', '/api/posts/{post}/comments?sort=new&limit=3'),
  ask('GET', '/api/sanctums', { headers: asReader }),
  ask('GET', '/api/sanctums?limit=3'),
  ask('GET', '/api/sanctums/woodworking', { headers: asReader }),
  ask('GET', '/api/sanctums/woodworking'),
  ask('GET', '/api/sanctums/woodworking/members', { headers: asReader }),
  ask('GET', '/api/sanctums/woodworking/bans', { headers: asReader }),
  ask('GET', '/api/sanctums/nowhere'),
  ask('GET', '/api/users/keeper'),
  ask('GET', '/api/users/nobody_here'),
  ask('GET', '/api/search?q=chair&kind=posts', { headers: asReader }),
  ask('GET', '/api/search?q=wood&kind=sanctums'),
  ask('GET', '/api/me', { headers: asReader }),
  ask('GET', '/api/me', { headers: { cookie: '{cookie}' } }),
  ask('GET', '/api/me'),
  ask('GET', '/api/me', { headers: { authorization: 'Bearer nonsense' } }),
  ask('GET', '/api/me/invitations', { headers: asReader }),
  ask('GET', '/api/sessions', { headers: asReader }),
  ask('GET', '/health'),
  ask('GET', '/ready'),
  ask('GET', '/api/errors'),
  ask('GET', '/api/docs'),
  ask('GET', '/api/openapi.json'),
];

const writes: readonly Ask[] = [
  ask('POST', '/api/sanctums/woodworking/posts', {
    ...sends({ kind: 'text', title: 'Grüße "quoted" \\ </b>', body: '# A head\n\n*two* `lines`\n🪵' }),
    keep: { own: /"id" ?: ?"(\d+)"/ },
  }),
  ask('POST', '/api/sanctums/woodworking/posts', {
    headers: { ...asReader, ...json, 'idempotency-key': 'the-same-key-twice' },
    body: JSON.stringify({ kind: 'link', title: 'A link', url: 'https://example.org/' }),
  }),
  ask('POST', '/api/sanctums/woodworking/posts', {
    headers: { ...asReader, ...json, 'idempotency-key': 'the-same-key-twice' },
    body: JSON.stringify({ kind: 'link', title: 'A link', url: 'https://example.org/' }),
  }),
  ask('GET', '/api/posts/{own}', { headers: asReader }),
  ask('PATCH', '/api/posts/{own}', sends({ title: 'Another title' })),
  ask('PUT', '/api/posts/{own}/like', { headers: asReader }),
  ask('DELETE', '/api/posts/{own}/like', { headers: asReader }),
  ask('POST', '/api/posts/{own}/comments', { ...sends({ body: 'Well *said*' }), keep: { comment: /"id" ?: ?"(\d+)"/ } }),
  ask('PUT', '/api/comments/{comment}/like', { headers: asReader }),
  ask('GET', '/api/posts/{own}/comments', { headers: asReader }),
  ask('DELETE', '/api/comments/{comment}', { headers: asReader }),
  ask('DELETE', '/api/posts/{own}', { headers: asReader }),
  ask('GET', '/api/posts/{own}', { headers: asReader }),
  ask('PATCH', '/api/me', sends({ bio: 'Keeps house' })),
  ask('PATCH', '/api/me', { headers: { cookie: '{cookie}', ...json, origin: 'https://elsewhere.example' }, body: '{"bio":"x"}' }),
  ask('POST', '/api/sanctums', sends({ name: 'cabinets', title: 'Cabinets', description: 'Doors and drawers' })),
  ask('DELETE', '/api/sanctums/woodworking/membership', { headers: asReader }),
  ask('POST', '/api/auth/refresh', { headers: json, body: JSON.stringify({ refreshToken: '{refresh}' }) }),
  ask('POST', '/api/auth/sign-out', { headers: { cookie: '{cookie}', 'sec-fetch-site': 'same-origin' } }),
];

const refused: readonly Ask[] = [
  ask('POST', '/api/sanctums', { headers: { ...asReader, ...json }, body: '{"name":' }),
  ask('POST', '/api/sanctums', { headers: { ...asReader, 'content-type': 'text/plain' }, body: 'name' }),
  ask('POST', '/api/sanctums', sends({ name: '', title: '', foreign: 1 })),
  ask('POST', '/api/sanctums', sends({ name: 'large', title: 'x'.repeat(100_000) })),
  ask('PUT', '/api/sanctums', { headers: asReader }),
  ask('GET', '/api/nothing'),
  ask('POST', '/nothing'),
  ask('GET', `/api/${'x'.repeat(9000)}`),
  ask('GET', '/api/posts/%ff'),
  ask('OPTIONS', '/api/me', { headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' } }),
  ask('GET', '/health', { headers: { expect: 'something' } }),
  ask('GET', '/health', { headers: { 'x-request-id': 'chosen-by-caller', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } }),
  ask('GET', '/health', { headers: { connection: 'close' } }),
  { text: 'GET /health HTTP/1.1\r\n\r\n' },
  { text: 'GET /health HTTP/1.0\r\n\r\n' },
  { text: 'GET /api/feeds/popular HTTP/1.0\r\nconnection: keep-alive\r\n\r\n' },
  { text: 'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\n\r\n' },
  { text: 'NONSENSE / HTTP/1.1\r\nhost: x\r\n\r\n' },
  { text: 'broken\r\n\r\n' },
];

const pages: readonly Ask[] = [
  ask('GET', '/', { headers: { accept: 'text/html' }, keep: { script: /src="(\/assets\/[^"]+\.js)"/ } }),
  ask('GET', '{script}', { headers: { 'accept-encoding': 'br' }, keep: { etag: /etag: (\S+)/i } }),
  ask('GET', '{script}', { headers: { 'accept-encoding': 'br', 'if-none-match': '{etag}' } }),
  ask('GET', '/s/woodworking', { headers: { accept: 'text/html' } }),
  ask('GET', '/missing.js'),
];

/** One more than may be sent in an hour. */
const tooMany = Array.from({ length: rateLimits.register.points }, () => ask('POST', '/api/auth/register', { headers: json, body: '{}' }));

export const asks: readonly Ask[] = [...signIns, ...lists, ...reads, ...pages, ...refused, ...writes, ...tooMany];
