import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { builtinProfile, builtinProfiles } from '../product/builtin.ts';
import type { Source } from '../product/parse-yaml.ts';
import type { Profile } from '../product/schema.ts';

const OVERRIDES = '/etc/refit';
const MAX_BYTES = 262_144;

/** The profiles this command knows: the one that was named, else the built-in ones with the host's overrides, and the host's own. */
export async function loadProfiles(files: Files, file: string | undefined): Promise<readonly Profile[]> {
  if (file !== undefined) return [await load({ file, text: await readText(files, file) })];
  const builtin = await builtinProfiles();
  const names = (await files.stat(OVERRIDES)) === undefined ? [] : await files.list(OVERRIDES);
  const own = names.filter((name) => name.endsWith('.yaml') && name !== 'refit.yaml');
  const profiles: Profile[] = [];
  for (const [name, text] of builtin) {
    if (!own.includes(name)) {
      profiles.push(await builtinProfile(name));
      continue;
    }
    const file = `${OVERRIDES}/${name}`;
    profiles.push(await load({ file: name, text }, { file, text: await readText(files, file) }));
  }
  for (const name of own) {
    if (builtin.has(name)) continue;
    const file = `${OVERRIDES}/${name}`;
    profiles.push(await load({ file, text: await readText(files, file) }));
  }
  return profiles;
}

/** The parser and the schema cost 30 ms: only files of this host need them. */
async function load(source: Source, override?: Source): Promise<Profile> {
  const { loadProfile } = await import('../product/load.ts');
  return loadProfile(source, override);
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
