/** Somebody who only does what may be repeated, and therefore must never notice that an instance is gone. */
import type { Answer, Member, Method } from '../lib/member.ts';

export interface Reads {
  asked: number;
  failed: number;
  /** The first failures in words. */
  readonly complaints: string[];
}

const failuresShownMax = 5;

/** Reads lists and likes and unlikes one post, without a pause, until `end`. */
export async function readOn(member: Member, postId: string, reads: Reads, end: AbortSignal): Promise<void> {
  const rounds: readonly (readonly [Method, string])[] = [
    ['GET', '/api/feeds/popular'],
    ['GET', '/api/feeds/home'],
    ['PUT', `/api/posts/${postId}/like`],
    ['GET', `/api/posts/${postId}`],
    ['GET', '/api/me'],
  ];
  while (!end.aborted) {
    for (const [method, path] of rounds) note(await member.request(method, path), `${method} ${path}`, reads);
  }
}

function note(answer: Answer, what: string, reads: Reads): void {
  reads.asked += 1;
  if (answer.status === 200) return;
  reads.failed += 1;
  if (reads.complaints.length < failuresShownMax)
    reads.complaints.push(`${what} answered ${answer.status || 'nothing'}: ${answer.text.slice(0, 160)}`);
}
