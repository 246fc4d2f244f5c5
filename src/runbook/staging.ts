import type { Facts } from './facts.ts';

/** Everything beside which a run may have staged something: what it replaces, and what the way back restores. */
export function stagedBeside({
  files,
  keepsakes,
  laterTargets = [],
}: Pick<Facts, 'files' | 'keepsakes' | 'laterTargets'>): readonly string[] {
  return [...new Set([...files.map(({ target }) => target), ...keepsakes, ...laterTargets])];
}
