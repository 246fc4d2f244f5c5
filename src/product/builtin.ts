import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from './schema.ts';

// The one file of this room that reads files: the profiles are part of the program, and its build replaces this module by
// one with their texts inside. Host's door is for the machine that is upgraded.

const HERE = import.meta.dirname;

/** The profiles that ship, by file name (`dockmesh.yaml`), as their text. */
export async function builtinProfiles(): Promise<ReadonlyMap<string, string>> {
  const directory = join(HERE, 'profiles');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return new Map(names.map((name, index) => [name, texts[index] ?? '']));
}

/** One of them, read. The build reads them once for all, so that `refit status` needs neither a YAML parser nor a schema. */
export async function builtinProfile(file: string): Promise<Profile> {
  const { loadProfile } = await import('./load.ts');
  return loadProfile({ file, text: await readFile(join(HERE, 'profiles', file), 'utf8') });
}

/** The commented profile that `refit docs profile` prints. */
export async function profileManual(): Promise<string> {
  return await readFile(join(HERE, 'profile-manual.yaml'), 'utf8');
}
