const NOTHING: Buffer = Buffer.alloc(0);

/** Reads a stream of bytes in the pieces that a format wants, holding one chunk at a time. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = NOTHING;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Up to `size` bytes in the pieces they come in; fewer only where the stream ends. */
  async *take(size: number): AsyncGenerator<Buffer, void, undefined> {
    let left = size;
    while (left > 0) {
      const piece = await this.#next(left);
      if (piece === undefined) return;
      left -= piece.length;
      yield piece;
    }
  }

  /** Exactly `size` bytes in one buffer; fewer only where the stream ends. For small sizes. */
  async read(size: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.take(size)) pieces.push(piece);
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  }

  /** Lets go of what the stream holds. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #next(atMost: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, atMost);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }
}
