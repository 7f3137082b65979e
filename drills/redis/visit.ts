/** What a person does in one round of browsing and posting; everything acknowledged goes into the ledger. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Ledger } from '../lib/ledger.ts';
import { idOf } from '../lib/member.ts';
import type { Answer, Member, Method, RequestOptions } from '../lib/member.ts';
import type { Phase } from './phase.ts';

const revocationMsMax = 1_000;
const pollMs = 20;

/** What somebody who is not signed in reads: pages that come from the cache. */
export async function lookAround(reader: Pick<Member, 'request'>, phase: Phase): Promise<void> {
  for (const path of ['/api/feeds/popular', '/api/feeds/popular?sort=new', '/api/feeds/popular?sort=top&limit=10'])
    phase.note(`GET ${path} by nobody`, await reader.request('GET', path), 200);
}

/** Reads lists, writes a post and a comment, likes both, and expects to read at once what was acknowledged. */
export async function visit(member: Member, sanctum: string, ledger: Ledger, phase: Phase): Promise<void> {
  const ask = async (method: Method, path: string, expected: number, options?: RequestOptions): Promise<Answer> => {
    const answer = await member.request(method, path, options);
    phase.note(`${method} ${path} by ${member.credentials}`, answer, expected);
    return answer;
  };
  for (const path of [
    '/api/feeds/home',
    '/api/feeds/popular?sort=top',
    `/api/sanctums/${sanctum}/posts?sort=new`,
    '/api/me',
    '/api/search?q=drill',
  ])
    await ask('GET', path, 200);

  const title = `${ledger.mark} post ${randomUUID()}`;
  const posted = await ask('POST', `/api/sanctums/${sanctum}/posts`, 201, { body: { kind: 'text', title }, idempotencyKey: randomUUID() });
  if (posted.status !== 201) return;
  const postId = idOf(posted);
  ledger.post(postId, title);
  const body = `${ledger.mark} comment ${randomUUID()}`;
  const commented = await ask('POST', `/api/posts/${postId}/comments`, 201, { body: { body }, idempotencyKey: randomUUID() });
  if (commented.status === 201) ledger.comment(idOf(commented), body);
  if ((await ask('PUT', `/api/posts/${postId}/like`, 200)).status === 200) ledger.like('post', postId, member.username);
  if (commented.status === 201 && (await ask('PUT', `/api/comments/${idOf(commented)}/like`, 200)).status === 200)
    ledger.like('comment', idOf(commented), member.username);

  const post = await ask('GET', `/api/posts/${postId}`, 200);
  const thread = await ask('GET', `/api/posts/${postId}/comments`, 200);
  const newest = await ask('GET', `/api/sanctums/${sanctum}/posts?sort=new`, 200);
  const isShown = post.text.includes(title) && thread.text.includes(body) && newest.text.includes(title);
  if (!isShown) phase.complain(`"${title}" or its comment was acknowledged and is not shown`);
}

const sessionsShape = z.object({ items: z.array(z.object({ id: z.string(), current: z.boolean() })) });

/** Signs in on a second device, ends that session from the first, and expects it to be refused within a second. */
export async function revokeSecondDevice(member: Member, phase: Phase): Promise<void> {
  const second = await member.signInAgain();
  const mine = await second.request('GET', '/api/sessions');
  phase.note(`GET /api/sessions by ${member.credentials}`, mine, 200);
  if (mine.status !== 200) return;
  const current = sessionsShape.parse(JSON.parse(mine.text)).items.find((session) => session.current);
  const ended = await member.request('DELETE', `/api/sessions/${current?.id ?? ''}`);
  phase.note(`DELETE /api/sessions by ${member.credentials}`, ended, 204);
  const deadline = performance.now() + revocationMsMax;
  for (;;) {
    const answer = await second.request('GET', '/api/me');
    if (answer.status === 401) return;
    if (performance.now() > deadline) return phase.complain(`an ended session still got ${answer.status} after ${revocationMsMax} ms`);
    await wait(pollMs);
  }
}
