/** A renderer that does what the text says: what a hostile text would make a real one do. */
import type { RenderTask } from '../../src/text/markdown-worker.ts';

export default function renderTask({ source, begun }: RenderTask): string {
  Atomics.store(new Int32Array(begun), 0, 1);
  if (source === 'spin') for (;;) Math.sqrt(2);
  if (source === 'throw') throw new Error('a mistake');
  if (source === 'hoard') for (const hoard: number[][] = []; ;) hoard.push(Array.from({ length: 10_000 }, Math.random));
  return `<p>${source}</p>`;
}
