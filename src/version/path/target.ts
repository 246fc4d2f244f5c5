import { RefitError } from '../../errors.ts';
import { parseVersion, type Version } from '../version.ts';

/** Three numbers without `v` or blanks, as strict vendors write them. */
const STRICT = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

/**
 * A version as a person or a vendor wrote it: "v2.5.6" and " 2.5.6 " are 2.5.6 unless `strict`. Rejects with E_VERSION_UNPARSABLE,
 * also for "2.6" and "latest": which release they are nobody can say without asking someone.
 */
export function pathVersion(text: string, what: string, { strict = false } = {}): Version {
  const trimmed = text.trim();
  const version = strict && !STRICT.test(text) ? undefined : parseVersion(trimmed);
  if (version !== undefined) return { ...version, tag: trimmed.replace(/^v(?=\d)/, '') };
  const incomplete = /^v?\d+(?:\.\d+)?$/.test(trimmed);
  const expected = incomplete ? 'all three numbers' : 'a version such as 2.5.15';
  throw new RefitError('E_VERSION_UNPARSABLE', `Cannot read ${what}: saw "${text}", expected ${expected}`, {
    hint: incomplete ? 'name the release: 2.6.11, not 2.6' : 'a name such as "latest" moves: name the release',
    facts: { seen: text },
  });
}
