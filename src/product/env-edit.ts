import { RefitError } from '../errors.ts';
import { parsePlainEnvFile, parseSystemdEnvFile } from './env-file.ts';

export interface EnvEdit {
  /** The whole new text. */
  readonly text: string;
  /** The change as `diff -U0` would show it: without context, because the lines around may hold secrets. */
  readonly diff: string;
}

/**
 * Adds keys at the end of an env file. What both readers make of the result is checked: each new key reads back as given and
 * no other key changed (a file that ends in an open quote would swallow the addition). Else rejects with E_CONFIG_INVALID.
 */
export function addKeys(file: string, text: string, additions: ReadonlyMap<string, string>): EnvEdit {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = [...additions].map(([key, value]) => `${key}=${value}`);
  const unfinished = text !== '' && !text.endsWith('\n');
  const edited = text + (unfinished ? newline : '') + lines.map((line) => line + newline).join('');
  for (const parse of [parsePlainEnvFile, parseSystemdEnvFile]) {
    const expected = new Map([...parse(text).values, ...additions]);
    const { values } = parse(edited);
    const wrong = [...new Set([...expected.keys(), ...values.keys()])].filter(
      (key) => values.get(key) !== expected.get(key),
    );
    if (wrong.length === 0) continue;
    throw new RefitError(
      'E_CONFIG_INVALID',
      `Cannot add ${[...additions.keys()].join(', ')} to ${JSON.stringify(file)}: saw ${wrong.join(', ')} read back differently, expected every key as before and the new ones as given`,
      { hint: `edit ${file} by hand, then run refit again` },
    );
  }
  const last = text.split('\n').length - (unfinished ? 0 : 1);
  const diff = [
    `--- ${file}`,
    `+++ ${file}`,
    `@@ -${last},0 +${last + 1}${lines.length === 1 ? '' : `,${lines.length}`} @@`,
    ...lines.map((line) => `+${line}`),
  ];
  return { text: edited, diff: `${diff.join('\n')}\n` };
}
