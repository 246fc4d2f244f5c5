import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { builtinProfiles } from '../product/builtin.ts';
import { loadProfile } from '../product/load.ts';
import type { Profile } from '../product/schema.ts';

const OVERRIDES = '/etc/refit';
const MAX_BYTES = 262_144;

/** The profiles this command knows: the one that was named, else the built-in ones with the host's overrides, and the host's own. */
export async function loadProfiles(files: Files, file: string | undefined): Promise<readonly Profile[]> {
  if (file !== undefined) return [loadProfile({ file, text: await readText(files, file) })];
  const builtin = await builtinProfiles();
  const names = (await files.stat(OVERRIDES)) === undefined ? [] : await files.list(OVERRIDES);
  const own = names.filter((name) => name.endsWith('.yaml') && name !== 'refit.yaml');
  const profiles: Profile[] = [];
  for (const [name, text] of builtin) {
    const override = own.includes(name) ? `${OVERRIDES}/${name}` : undefined;
    const over = override === undefined ? undefined : { file: override, text: await readText(files, override) };
    profiles.push(loadProfile({ file: name, text }, over));
  }
  for (const name of own) {
    if (builtin.has(name)) continue;
    profiles.push(loadProfile({ file: `${OVERRIDES}/${name}`, text: await readText(files, `${OVERRIDES}/${name}`) }));
  }
  return profiles;
}

async function readText(files: Files, path: string): Promise<string> {
  try {
    return (await files.read(path, { maxBytes: MAX_BYTES })).toString('utf8');
  } catch (error) {
    if (!(error instanceof RefitError) || error.code !== 'E_NOT_FOUND') throw error;
    throw new RefitError('E_PROFILE_MISSING', `Cannot read the profile ${path}: it is not there`, {
      hint: 'refit docs profile > my-server.yaml writes one to start from',
      cause: error,
    });
  }
}
