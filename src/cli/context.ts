import type { Terminal } from '../host/terminal.ts';
import type { Workshop } from '../runbook/workshop.ts';

export type Output = 'table' | 'json' | 'ndjson';

/** What a command may use. The workshop is built on first use: `--version` and `docs` need none. */
export interface Context {
  readonly terminal: Terminal;
  readonly output: Output;
  workshop(): Promise<Workshop>;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** The command line as typed, for the journal. */
  readonly typed: string;
  /** Names of the flags that were typed or set by environment: what refit.yaml says is not among them. */
  readonly given: ReadonlySet<string>;
}

/** Values of a command's flags by camel-case name, as commander gives them. */
export type Flags = Readonly<Record<string, unknown>>;

/** A command: does it, says it, returns the exit status. */
export type Command = (context: Context, flags: Flags, operands: readonly string[]) => Promise<number>;
