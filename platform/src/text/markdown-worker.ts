/** The thread that renders. It says when it begins, so that a text that waited is told from a text that is too costly. */
import { loadRenderer } from './markdown.ts';

export interface RenderTask {
  readonly source: string;
  readonly htmlBytesMax: number;
  /** One 32-bit number, shared: 1 once the work has begun. */
  readonly begun: SharedArrayBuffer;
}

const render = await loadRenderer();

export default function renderTask({ source, htmlBytesMax, begun }: RenderTask): string {
  Atomics.store(new Int32Array(begun), 0, 1);
  return render(source, htmlBytesMax);
}
