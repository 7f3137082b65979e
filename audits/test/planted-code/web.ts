import type { PlantedCode } from './planted.ts';

export const browserToken: PlantedCode = {
  check: 'code/token-in-browser',
  path: 'platform/web/src/planted/*.ts',
  planted: {
    'local storage': `export function f(token: string) {\n  §localStorage.setItem('token', token);\n}`,
    'session storage by a property': `export function f(accessToken: string) {\n  §sessionStorage.access = accessToken;\n}`,
    'storage by brackets': `export function f(session: { refreshToken: string }) {\n  §window['localStorage']['setItem']('s', session.refreshToken);\n}`,
    'storage by another name': `const box = window.localStorage;\nexport function f(jwt: string) {\n  §box.setItem('j', jwt);\n}`,
    'merged into storage': `export const f = (answer: { accessToken: string }) =>\n  §Object.assign(localStorage, { t: answer.accessToken });`,
    'a wrapper': `const keep = (key: string, value: string) => localStorage.setItem(key, value);\nexport function f(token: string) {\n  §keep('t', token);\n}`,
    'a cookie that scripts can read': 'export function f(token: string) {\n  §document.cookie = `session=${token}`;\n}',
    'the name of the window': `export function f(token: string) {\n  §window.name = token;\n}`,
    'a database of the browser': `export function f(store: IDBObjectStore, credentials: object) {\n  §store.put(credentials, 'me');\n}`,
    'an address': 'export function f(token: string) {\n  §location.href = `/next?token=${token}`;\n}',
    'a parameter of an address': `export function f(url: URL, accessToken: string) {\n  §url.searchParams.set('access_token', accessToken);\n}`,
    'a persisted query cache': `declare function createSyncStoragePersister(options: { storage: Storage }): unknown;\n§export const persister = createSyncStoragePersister({ storage: window.localStorage });`,
    'a persisted state': `declare function persist(make: () => object, options: { name: string }): unknown;\n§export const state = persist(() => ({ token: '' }), { name: 'auth' });`,
    'a token under an innocent name': `declare function signIn(): Promise<{ accessToken: string }>;\nexport async function f() {\n  const { accessToken: value } = await signIn();\n  §localStorage.setItem('v', value);\n}`,
    'the whole answer of a sign-in': `declare function signIn(): Promise<{ accessToken: string }>;\nexport async function f() {\n  const answer = await signIn();\n  §localStorage.setItem('v', JSON.stringify(answer));\n}`,
  },
  silent: {
    'a theme': `export function f(theme: string) {\n  localStorage.setItem('theme', theme);\n}`,
    'a draft': `export function f(text: string) {\n  sessionStorage.setItem('draft', text);\n}`,
    'a hint when to renew': `export function f(renewAtMs: number) {\n  localStorage.setItem('renew-at', String(renewAtMs));\n}`,
    'a token in memory': `let token = '';\nexport const remember = (given: string) => {\n  token = given;\n  return token.length;\n};`,
    'a token in a header': "export const f = (headers: Headers, token: string) => headers.set('authorization', `Bearer ${token}`);",
    'a search in an address': `export function f(url: URL, q: string) {\n  url.searchParams.set('q', q);\n}`,
    'an old token taken out': `export function f() {\n  localStorage.removeItem('token');\n}`,
    'a map of tokens in memory': `export const f = (tokens: Map<string, string>, token: string) => tokens.set('a', token);`,
  },
};

export const unsafeHtml: PlantedCode = {
  check: 'code/unsafe-html',
  path: 'platform/web/src/html/*.tsx',
  planted: {
    'html of a person': `export const F = ({ text }: { text: string }) => §<div dangerouslySetInnerHTML={{ __html: text }} />;`,
    'html by spread': `export const F = ({ text }: { text: string }) => {\n  const props = §{ dangerouslySetInnerHTML: { __html: text } };\n  return <div {...props} />;\n};`,
    'inner html': `export const f = (node: HTMLElement, text: string) => {\n  §node.innerHTML = text;\n};`,
    'inner html by brackets': `export const f = (node: HTMLElement, text: string) => {\n  §node['outerHTML'] = text;\n};`,
    'html merged in': `export const f = (node: HTMLElement, text: string) =>\n  §Object.assign(node, { innerHTML: text });`,
    'adjacent html': `export const f = (node: HTMLElement, text: string) =>\n  §node.insertAdjacentHTML('beforeend', text);`,
    'a document in a frame': `export const F = ({ text }: { text: string }) => §<iframe title="t" srcDoc={text} />;`,
    'a script address': `export const F = () => §<a href="javascript:alert(1)">x</a>;`,
    'writing into the document': `export const f = (text: string) =>\n  §document.write(text);`,
    'a fragment from text': `export const f = (text: string) =>\n  §document.createRange().createContextualFragment(text);`,
  },
  silent: {
    text: `export const F = ({ text }: { text: string }) => <p>{text}</p>;`,
    'html that the server made safe': `export const F = ({ post }: { post: { bodyHtml: string } }) => <div dangerouslySetInnerHTML={{ __html: post.bodyHtml }} />;`,
    'text of a node': `export const f = (node: HTMLElement, text: string) => {\n  node.textContent = text;\n};`,
    'html that is read': `export const f = (node: HTMLElement) => node.innerHTML.length;`,
    'a plain address': `export const F = () => <a href="/feed">x</a>;`,
  },
};
