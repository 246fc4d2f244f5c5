import { createHash } from 'node:crypto';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { paddingOf } from './blocks.ts';
import type { OpenBundle, PlacedMember } from './open.ts';
import { cutBundle, invalidBundle } from './refusal.ts';

/** The bytes of a member, hashed on the way: at the end E_BUNDLE_INVALID where they are not those of the index. */
export async function* memberBytes(
  files: Files,
  { path }: OpenBundle,
  { name, offset, size, sha256 }: PlacedMember,
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const piece of files.stream(path, { offset, size }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    done += piece.length;
    yield piece;
  }
  if (done < size) throw cutBundle(path, { seen: `${done} bytes of ${name}`, expected: `${size}` });
  const seen = hash.digest('hex');
  if (seen !== sha256) {
    throw invalidBundle(path, 'digest', { seen: `SHA-256 ${seen} of ${name}`, expected: `${sha256} by its index` });
  }
  const padding = await files.readFrom(path, offset + size, paddingOf(size));
  if (padding.some((byte) => byte !== 0)) {
    throw invalidBundle(path, 'header', { seen: `data behind the end of ${name}`, expected: 'zeros' });
  }
}

/** A small member, whole. */
export async function readMember(
  files: Files,
  bundle: OpenBundle,
  member: PlacedMember,
  maxBytes: number,
): Promise<Buffer> {
  const { name, size } = member;
  if (size > maxBytes) {
    throw new RefitError(
      'E_TOO_LARGE',
      `Cannot read ${name} in ${bundle.path}: saw ${size} bytes, expected at most ${maxBytes}`,
      {
        hint: 'the bundle holds something else than the release: refit bundle inspect FILE',
        facts: { name, maxBytes },
      },
    );
  }
  const parts: Buffer[] = [];
  for await (const piece of memberBytes(files, bundle, member)) parts.push(piece);
  return Buffer.concat(parts);
}
