/** What a client does that sends one thing several times at once: it asks again while the first request is at work. */
const attemptsMax = 500;

export async function settled<T extends { readonly json: { readonly code?: string } | undefined }>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < attemptsMax; attempt += 1) {
    const answer = await send();
    if (answer.json?.code !== 'idempotency.in_progress') return answer;
  }
  return await send();
}
