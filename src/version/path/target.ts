import { RefitError } from '../../errors.ts';
import { isStrict } from '../strict.ts';
import { parseVersion, type Version } from '../version.ts';

/**
 * A version as a person or a vendor wrote it: "v2.5.6" and " 2.5.6 " are 2.5.6 unless `strict`. Rejects with E_VERSION_UNPARSABLE,
 * also for "2.6" and "latest": which release they are nobody can say without asking someone.
 */
export function pathVersion(text: string, what: string, { strict = false } = {}): Version {
  const trimmed = text.trim();
  const version = strict && !isStrict(text) ? undefined : parseVersion(trimmed);
  if (version !== undefined) return { ...version, tag: trimmed.replace(/^v(?=\d)/, '') };
  const incomplete = /^v?\d+(?:\.\d+)?$/.test(trimmed);
  const expected = incomplete ? 'all three numbers' : 'a version such as 2.5.15';
  throw new RefitError('E_VERSION_UNPARSABLE', `Cannot read ${what}: saw "${text}", expected ${expected}`, {
    hint: incomplete ? 'name the release: 2.6.11, not 2.6' : 'a name such as "latest" moves: name the release',
    facts: { seen: text },
  });
}
