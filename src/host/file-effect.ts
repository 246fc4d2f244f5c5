import type { EffectKind, Effects } from './effects.ts';
import { naming } from './errno.ts';

/**
 * One numbered effect on the file system. The errno is named outside of the effect, so that a fault injected there
 * takes the way a real one takes.
 */
export function fileEffect<T>(
  effects: Effects,
  kind: EffectKind,
  action: string,
  path: string,
  act: (middle: () => void) => Promise<T>,
): Promise<T> {
  return naming(action, path, () => effects.run({ kind, label: action }, act));
}
