import type { Facts } from './facts.ts';

/** Everything beside which a run may have staged something: what it replaces, and what the way back restores. */
export function stagedBeside({
  files,
  keepsakes,
  crossed = [],
  laterTargets = [],
}: Pick<Facts, 'files' | 'keepsakes' | 'crossed' | 'laterTargets'>): readonly string[] {
  return [...new Set([...files.map(({ target }) => target), ...keepsakes, ...crossed, ...laterTargets])];
}
