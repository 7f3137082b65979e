import { useState } from 'react';

const keyBytes = 16;

/** 32 hexadecimal digits. `crypto.randomUUID` exists only on secure origins, and a home server may be none. */
export function createIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(keyBytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface SubmissionKey {
  /** The same key while the same content is tried again, a new one as soon as the content differs. */
  headersFor(content: unknown): Record<string, string>;
  /** The submission was accepted: the next one is a new thing, even with equal content. */
  accepted(): void;
}

export function createSubmissionKey(): SubmissionKey {
  let tried: { content: string; key: string } | null = null;
  return {
    headersFor(content) {
      const text = JSON.stringify(content);
      if (tried?.content !== text) tried = { content: text, key: createIdempotencyKey() };
      return { 'idempotency-key': tried.key };
    },
    accepted() {
      tried = null;
    },
  };
}

export function useSubmissionKey(): SubmissionKey {
  const [key] = useState(createSubmissionKey);
  return key;
}
