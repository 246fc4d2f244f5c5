import type { Facts } from './facts.ts';

/** Everything beside which a run may have staged something: what it replaces, and what the way back restores. */
export function stagedBeside(facts: Pick<Facts, 'files' | 'keepsakes' | 'crossed'>): readonly string[] {
  return keptFiles(facts);
}

/** Every file that a generation keeps as it was before. */
export function keptFiles({
  files,
  keepsakes,
  crossed = [],
}: Pick<Facts, 'files' | 'keepsakes' | 'crossed'>): readonly string[] {
  return [...new Set([...files.map(({ target }) => target), ...keepsakes, ...crossed])];
}
