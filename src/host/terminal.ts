/** The person's end, or the pipe in its place. A broken one (EPIPE, EIO) is silence, never an error. */
export interface Terminal {
  /** The answer: stdout. */
  out(text: string): void;
  /** Bytes on stdout, no faster than they are taken, until all are handed over. Rejects with E_IO where nobody reads them any more. */
  pour(parts: AsyncIterable<Uint8Array>): Promise<void>;
  /** Progress and errors: stderr. */
  err(text: string): void;
  /** Whether a person can be asked: stdin and stderr are terminals. */
  readonly interactive: boolean;
  /** Whether stdout is a terminal: no place for bytes. */
  readonly outIsTerminal: boolean;
  /** Whether stderr is a terminal that may be redrawn. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Width of stderr in columns; 80 where it is none. */
  readonly columns: number;
  /** Asks on stderr; undefined at end of input. */
  ask(question: string): Promise<string | undefined>;
  /** Calls back on each Ctrl-C, instead of dying of it. */
  onInterrupt(listener: () => void): void;
}
