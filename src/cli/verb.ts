import type { Command } from './context.ts';

/** One flag: its spelling for commander, and what it does. Its environment variable and its key in refit.yaml follow from its name. */
export interface Flag {
  readonly spelling: string;
  readonly help: string;
  readonly many?: boolean;
}

/** A verb a person types. Help is made from this alone, so that asking for it loads no command. */
export interface Verb {
  readonly name: string;
  readonly help: string;
  readonly operands?: string;
  readonly flags: readonly Flag[];
  /** Verbs below it: `backup list`. By itself it stays what it is. */
  readonly below?: readonly Verb[];
  readonly hidden?: boolean;
  readonly load: () => Promise<Command>;
}
