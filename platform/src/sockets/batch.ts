/**
 * What a connection is to get in one write. Connections that get the same frames in the same order share one batch, and its bytes are put
 * together once: a burst into a room of a thousand costs one buffer and a thousand writes.
 */
export class Batch {
  readonly #before: Batch | undefined;
  readonly #frame: Buffer;
  readonly #length: number;
  #bytes: Buffer | undefined;
  #nextFrame: Buffer | undefined;
  #next: Batch | undefined;

  constructor(frame: Buffer, before?: Batch) {
    this.#frame = frame;
    this.#before = before;
    this.#length = frame.length + (before === undefined ? 0 : before.#length);
  }

  /** This batch and one frame more: the same object for everyone who asks for the same frame next. */
  with(frame: Buffer): Batch {
    if (this.#next === undefined || this.#nextFrame !== frame) {
      this.#nextFrame = frame;
      this.#next = new Batch(frame, this);
    }
    return this.#next;
  }

  get bytes(): Buffer {
    if (this.#before === undefined) return this.#frame;
    this.#bytes ??= this.#join();
    return this.#bytes;
  }

  #join(): Buffer {
    const joined = Buffer.allocUnsafe(this.#length);
    this.#copyTo(joined);
    return joined;
  }

  #copyTo(joined: Buffer): void {
    this.#frame.copy(joined, this.#length - this.#frame.length);
    for (let one = this.#before; one !== undefined; one = one.#before) one.#frame.copy(joined, one.#length - one.#frame.length);
  }
}
