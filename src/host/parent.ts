import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';

/** Whoever started this process and holds the other ends of its stdin and stdout. */
export interface Parent {
  /** What it says, line by line; ends when it does. */
  readonly lines: AsyncIterable<string>;
  say(line: string): void;
  /** From now on this process lets others go first where there is not enough for all. */
  giveWay(): void;
}

/** A tenth of what others get, and not the little that bulk copies are left with: it has moments to keep. */
const GIVES_WAY = 10;

export function nodeParent(): Parent {
  // It has gone: the end of its lines says so.
  process.stdout.on('error', () => undefined);
  return {
    lines: createInterface({ input: process.stdin }),
    say: (line) => void process.stdout.write(`${line}\n`),
    giveWay: () => setPriority(GIVES_WAY),
  };
}
