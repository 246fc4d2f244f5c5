import { Chalk, type ChalkInstance } from 'chalk';
import type { Terminal } from '../../host/terminal.ts';

/** Colours for stderr; none where the terminal has none. stdout never has any: it is for pipes too. */
export function paintFor({ colour }: Pick<Terminal, 'colour'>): ChalkInstance {
  return new Chalk({ level: colour ? 1 : 0 });
}
