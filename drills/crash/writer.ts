/**
 * A member who writes without a pause and, like a careful client, repeats every request whose outcome is not known with the
 * same Idempotency-Key until it is acknowledged.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Ledger } from '../lib/ledger.ts';
import { idOf } from '../lib/member.ts';
import type { Answer, Member, Method, RequestOptions } from '../lib/member.ts';

const retryPauseMs = 50;
/** One request may have to outlive a kill, the start of PostgreSQL with its recovery, and the start of the platform. */
const retryMsMax = 60_000;
/** One creating request in so many is abandoned by its client at about the time at which it is carried out. */
const abandonedOneIn = 8;
const abandonedAfterMsMax = 12;
/** Answers that say "not now": the request was not carried out, or is at this moment, or nobody knows. */
const retryable = ({ status, text }: Answer) =>
  status === 0 || status === 429 || status >= 500 || (status === 409 && text.includes('"idempotency.in_progress"'));

export interface WriterCounts {
  acknowledged: number;
  /** Requests that got no answer at all: carried out or not. */
  unanswered: number;
  /** Answers of 500 and above, 429, and 409 while the first request with the key is still at work. */
  refused: number;
  /** Repetitions to which the platform gave the lost answer of the first request. */
  replayed: number;
  complaints: string[];
}

export function createCounts(): WriterCounts {
  return { acknowledged: 0, unanswered: 0, refused: 0, replayed: 0, complaints: [] };
}

/** Writes posts, comments and likes until `end`, and then finishes what it began. */
export async function write(member: Member, sanctum: string, ledger: Ledger, counts: WriterCounts, end: AbortSignal): Promise<void> {
  const ask = (method: Method, path: string, expected: number, options: RequestOptions) =>
    insist(member, method, path, expected, options, counts);
  while (!end.aborted) {
    const title = `${ledger.mark} post ${randomUUID()}`;
    const post = await ask('POST', `/api/sanctums/${sanctum}/posts`, 201, { body: { kind: 'text', title }, idempotencyKey: randomUUID() });
    if (post === undefined) continue;
    const postId = idOf(post);
    ledger.post(postId, title);
    const body = `${ledger.mark} comment ${randomUUID()}`;
    const comment = await ask('POST', `/api/posts/${postId}/comments`, 201, { body: { body }, idempotencyKey: randomUUID() });
    if (comment !== undefined) {
      ledger.comment(idOf(comment), body);
      if (await ask('PUT', `/api/comments/${idOf(comment)}/like`, 200, {})) ledger.like('comment', idOf(comment), member.username);
    }
    if (await ask('PUT', `/api/posts/${postId}/like`, 200, {})) ledger.like('post', postId, member.username);
  }
}

/** Repeats a request until it is acknowledged; undefined when the platform gave an answer that a repetition must not get. */
async function insist(
  member: Member,
  method: Method,
  path: string,
  expected: number,
  options: RequestOptions,
  counts: WriterCounts,
): Promise<Answer | undefined> {
  const deadline = performance.now() + retryMsMax;
  let patience = method === 'POST' && randomInt(abandonedOneIn) === 0 ? { patienceMs: 1 + randomInt(abandonedAfterMsMax) } : {};
  for (;;) {
    const answer = await member.request(method, path, { ...options, ...patience });
    patience = {};
    if (answer.status === expected) {
      counts.acknowledged += 1;
      if (answer.isReplayed) counts.replayed += 1;
      return answer;
    }
    const isLate = performance.now() > deadline;
    if (!retryable(answer) || isLate) {
      counts.complaints.push(
        `${method} ${path} answered ${answer.status || 'nothing'}${isLate ? ' for a minute' : ''}: ${answer.text.slice(0, 200)}`,
      );
      return undefined;
    }
    if (answer.status === 0) counts.unanswered += 1;
    else counts.refused += 1;
    await wait(retryPauseMs);
  }
}
