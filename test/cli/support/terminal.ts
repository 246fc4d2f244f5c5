import type { Terminal } from '../../../src/host/terminal.ts';

/** A person's end that remembers what it was told. */
export interface RecordingTerminal extends Terminal {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether somebody listens for Ctrl-C. */
  readonly interruptible: boolean;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export interface Person {
  /** What is typed at a question; undefined ends the input. Without it nobody can be asked. */
  readonly answer?: string | undefined;
  readonly asks?: boolean;
  readonly live?: boolean;
  readonly colour?: boolean;
}

export function recordingTerminal({
  answer,
  asks = false,
  live = false,
  colour = false,
}: Person = {}): RecordingTerminal {
  let stdout = '';
  let stderr = '';
  const listeners: (() => void)[] = [];
  return {
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    async pour(parts) {
      for await (const part of parts) stdout += Buffer.from(part).toString('latin1');
    },
    outIsTerminal: false,
    interactive: asks,
    live,
    colour,
    columns: 80,
    async ask(question) {
      stderr += question;
      return answer;
    },
    onInterrupt: (listener) => void listeners.push(listener),
    get interruptible() {
      return listeners.length > 0;
    },
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
}
