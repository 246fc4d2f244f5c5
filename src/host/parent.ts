import { createInterface } from 'node:readline';

/** Whoever started this process and holds the other ends of its stdin and stdout. */
export interface Parent {
  /** What it says, line by line; ends when it does. */
  readonly lines: AsyncIterable<string>;
  say(line: string): void;
}

export function nodeParent(): Parent {
  // It has gone: the end of its lines says so.
  process.stdout.on('error', () => undefined);
  return {
    lines: createInterface({ input: process.stdin }),
    say: (line) => void process.stdout.write(`${line}\n`),
  };
}
