/** Begins what nobody here waits for; a failure reaches the page's own error events, never nobody. */
export function inBackground(work: Promise<unknown>): void {
  work.catch((error: unknown) => reportError(error));
}
