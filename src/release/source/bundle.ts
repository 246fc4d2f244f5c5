import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import type { BundledRelease } from '../bundle/index-file.ts';
import { memberUrl } from '../bundle/member-url.ts';
import { type OpenBundle, openBundle } from '../bundle/open.ts';
import { readMember } from '../bundle/read-member.ts';
import { NOTES_MAX_BYTES } from '../notes/notes.ts';
import type { Release, Source } from '../release.ts';

/**
 * One file that somebody carried here. Its index says what is in it and nothing about whether to believe that: checksums and
 * signatures in it are the publisher's, and are judged by what this host trusts, as if they came from anywhere else.
 */
export function bundleSource(files: Files, path: string): Source {
  return {
    describe: () => path,
    async list() {
      const bundle = await openBundle(files, path);
      return bundle.index.releases.map((release) => releaseIn(bundle, release));
    },
    async notes(wants) {
      const bundle = await openBundle(files, path);
      const notes = new Map<string, string>();
      for (const member of bundle.members.values()) {
        const tag = /^notes\/(.+)\.md$/.exec(member.name)?.[1];
        if (tag === undefined || !wants(tag) || member.size > 4 * NOTES_MAX_BYTES) continue;
        notes.set(tag, (await readMember(files, bundle, member, 4 * NOTES_MAX_BYTES)).toString('utf8'));
      }
      return notes;
    },
    async find(tag) {
      const bundle = await openBundle(files, path);
      const { releases } = bundle.index;
      const release = releases.find((one) => one.tag === tag);
      if (release !== undefined) return releaseIn(bundle, release);
      const seen = releases.map((one) => one.tag).join(', ');
      throw new RefitError('E_RELEASE_UNKNOWN', `Cannot find the release ${tag} in ${path}: saw ${seen || 'none'}`, {
        hint: `make another bundle where there is a network: refit fetch ${tag} --bundle FILE`,
        facts: { tag },
      });
    },
  };
}

function releaseIn({ path, members }: OpenBundle, { tag, prerelease, publishedAt }: BundledRelease): Release {
  const folder = `releases/${tag}/`;
  const assets = [...members.values()]
    .filter(({ name }) => name.startsWith(folder))
    .map(({ name, size }) => ({ name: name.slice(folder.length), size, url: memberUrl(path, name) }));
  return { tag, prerelease, publishedAt, assets };
}
