import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Mutation } from '../../support/mutant.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
/** Path of the stoppable entry in a tree. */
export const STOPPABLE = 'test/system/support/stoppable.ts';
/** And of what remote-manager.ts starts. */
export const MANAGER_SERVER = 'test/system/support/manager-server.ts';

/**
 * A copy of the sources with edits, in `out`, which it returns. Each `from` occurs exactly once, so that no mutant
 * silently becomes a no-op.
 */
export function mutantTree(out: string, mutations: readonly Mutation[]): string {
  for (const part of ['src', 'bin', 'package.json', STOPPABLE, MANAGER_SERVER])
    cpSync(join(PROJECT, part), join(out, part), { recursive: true });
  for (const { file, from, to } of mutations) {
    const path = join(out, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2)
      throw new Error(`mutation of ${file}: ${JSON.stringify(from)} does not occur once`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(out, 'node_modules'));
  return out;
}
