import type { Context } from '../context.ts';

/** The answer, on stdout: text for people, one JSON object for scripts. */
export function say({ terminal, output }: Pick<Context, 'terminal' | 'output'>, text: string, json: object): void {
  terminal.out(output === 'table' ? text : `${JSON.stringify(json)}\n`);
}
