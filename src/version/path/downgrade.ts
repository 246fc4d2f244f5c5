import type { Listed } from '../catalogue.ts';
import { compare } from '../version.ts';
import { type Edge, no } from './policy.ts';

/** The refusal of an older version by numbers, not by text: 2.5.15 is newer than 2.5.5. Undefined: it is not older. */
export function downgrade(from: Listed, to: Listed): Edge | undefined {
  if (compare(to.version, from.version) >= 0) return undefined;
  const kind = to.major < from.major ? 'major-downgrade' : to.minor < from.minor ? 'minor-downgrade' : 'downgrade';
  return no(kind, `${to.version.tag} is older than ${from.version.tag}`);
}
