import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { parseVersion } from '../../version/version.ts';
import { NOTES_MAX_BYTES } from '../notes/notes.ts';
import type { Asset, Release, Source } from '../release.ts';

/**
 * A folder on this machine, `<folder>/<tag>/<asset>`; or one that holds the files of a single release, which then must
 * be named with its exact tag, as nothing in it says which one it is. Release notes are `<folder>/<tag>/RELEASE_NOTES.md` or
 * `NOTES.md`, or `<folder>/<tag>.md`.
 */
export function directorySource(files: Files, folder: string): Source {
  return {
    describe: () => folder,
    async list() {
      const tags = await tagsIn(files, folder);
      if (tags.length > 0) return Promise.all(tags.map((tag) => readRelease(files, join(folder, tag), tag)));
      throw new RefitError(
        'E_SOURCE_INVALID',
        `Cannot list the releases of ${folder}: saw no folder named after a version`,
        {
          hint: 'for a folder that holds the files of one release name its exact tag: --to v0.2.13',
          facts: { folder },
        },
      );
    },
    async notes(wants) {
      const notes = new Map<string, string>();
      for (const tag of (await namesIn(files, folder)).map((name) => name.replace(/\.md$/, ''))) {
        if (notes.has(tag) || parseVersion(tag) === undefined || !wants(tag)) continue;
        const text = await readNotes(files, folder, tag);
        if (text !== undefined) notes.set(tag, text);
      }
      return notes;
    },
    async find(tag) {
      const tags = await tagsIn(files, folder);
      if (tags.includes(tag)) return readRelease(files, join(folder, tag), tag);
      const flat = tags.length > 0 ? undefined : await readRelease(files, folder, tag);
      if (flat !== undefined && flat.assets.length > 0) return flat;
      const seen = tags.length > 0 ? tags.join(', ') : 'an empty folder';
      throw new RefitError('E_RELEASE_UNKNOWN', `Cannot find the release ${tag} in ${folder}: saw ${seen}`, {
        hint: `put its files into ${join(folder, tag)}/, checksums.txt among them`,
        facts: { tag },
      });
    },
  };
}

async function readNotes(files: Files, folder: string, tag: string): Promise<string | undefined> {
  for (const name of [`${tag}/RELEASE_NOTES.md`, `${tag}/NOTES.md`, `${tag}.md`]) {
    const path = join(folder, name);
    if ((await typeOf(files, path)) === 'file') return (await files.readHead(path, NOTES_MAX_BYTES)).toString('utf8');
  }
  return undefined;
}

async function tagsIn(files: Files, folder: string): Promise<readonly string[]> {
  const tags: string[] = [];
  for (const name of await namesIn(files, folder)) {
    if (parseVersion(name) !== undefined && (await typeOf(files, join(folder, name))) === 'directory') tags.push(name);
  }
  return tags;
}

async function readRelease(files: Files, folder: string, tag: string): Promise<Release> {
  const assets: Asset[] = [];
  for (const name of await namesIn(files, folder)) {
    const path = join(folder, name);
    if ((await typeOf(files, path)) === 'file') assets.push({ name, url: pathToFileURL(path).href });
  }
  return { tag, prerelease: parseVersion(tag)?.prerelease ?? false, assets };
}

async function namesIn(files: Files, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (cause) {
    if (!(cause instanceof RefitError) || cause.code === 'E_PERMISSION') throw cause;
    throw new RefitError(
      'E_SOURCE_UNREACHABLE',
      `Cannot list the releases of ${folder}: saw no readable folder there`,
      {
        hint: 'check --source: a folder on this machine, or a URL with http:// or https://',
        facts: { folder },
        cause,
      },
    );
  }
}

/** Through links: a mirror may be a farm of them. A link that leads nowhere is nothing. */
async function typeOf(files: Files, path: string): Promise<string | undefined> {
  const stat = await files.stat(path);
  if (stat?.type !== 'link') return stat?.type;
  try {
    return (await files.stat(await files.realPath(path)))?.type;
  } catch (error) {
    if (error instanceof RefitError && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}
