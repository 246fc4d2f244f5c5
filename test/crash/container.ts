import fs from 'node:fs';

const EVERY_MS = 5;

/** Something in a stack that writes all the while to a file it holds open, as a container does. */
export class Container {
  readonly #path: string;
  readonly #handle: number;
  readonly #timer: NodeJS.Timeout;
  #written: string;

  constructor(path: string) {
    this.#path = path;
    this.#written = fs.readFileSync(path, 'utf8');
    this.#handle = fs.openSync(path, 'a');
    let line = 0;
    this.#timer = setInterval(() => {
      line += 1;
      const text = `line ${line}\n`;
      fs.writeSync(this.#handle, text);
      this.#written += text;
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    fs.closeSync(this.#handle);
  }

  /** Everything it wrote is in the file of that name. */
  hasLostNothing(): boolean {
    return fs.existsSync(this.#path) && fs.readFileSync(this.#path, 'utf8') === this.#written;
  }
}
