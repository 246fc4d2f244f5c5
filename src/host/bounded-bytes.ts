/** Keeps the first or the last `limit` bytes of what is pushed and drops the rest, so that a chatty child cannot fill our memory. */
export class BoundedBytes {
  readonly #limit: number;
  readonly #end: 'first' | 'last';
  #parts: Buffer[] = [];
  #size = 0;

  constructor(limit: number, end: 'first' | 'last') {
    this.#limit = limit;
    this.#end = end;
  }

  push(part: Buffer): void {
    if (this.#end === 'first') {
      const room = this.#limit - this.#size;
      if (room <= 0) return;
      this.#add(part.subarray(0, room));
      return;
    }
    this.#add(part);
    // Twice the limit before cutting: not a copy for every few bytes.
    if (this.#size > 2 * this.#limit) this.#cut();
  }

  toString(): string {
    if (this.#size > this.#limit) this.#cut();
    return Buffer.concat(this.#parts).toString();
  }

  #add(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
  }

  #cut(): void {
    const kept = Buffer.concat(this.#parts).subarray(this.#size - this.#limit);
    this.#parts = [kept];
    this.#size = kept.length;
  }
}
