import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { Digest, Files } from '../../host/files.ts';
import { BLOCK, END, headerOf, paddingOf } from './blocks.ts';
import { contradicted } from './claimed.ts';
import { type BundleIndex, type BundleMember, INDEX_NAME, indexBytes } from './index-file.ts';
import { openBundle } from './open.ts';

/** A member and where its bytes are: at an absolute path, or here. */
export interface PackedMember extends BundleMember {
  readonly from: string | Buffer;
  /** Whose word the digest is, where the bytes have not been read yet. */
  readonly claimedBy?: string | undefined;
}

export interface WriteBundle {
  /** Absolute path of the finished bundle; `<to>.part` beside it is what it is until it is whole. */
  readonly to: string;
  readonly index: Omit<BundleIndex, 'members'>;
  readonly members: readonly PackedMember[];
  readonly stop?: AbortSignal | undefined;
}

/** It is carried by whoever was asked to, and nothing in it is secret. */
const MODE = 0o644;

/**
 * Writes a bundle and gives it its name when all of it is on the disk. By hand but for the header's bytes: the tar package
 * packs what lies on a disk, reads it by itself, and takes names, times and owners from there.
 */
export async function writeBundle(files: Files, { to, index, members, stop }: WriteBundle): Promise<Digest> {
  const part = `${to}.part`;
  const text = indexBytes({ ...index, members });
  const size = members.reduce((total, one) => total + BLOCK + one.size + paddingOf(one.size), 0);
  const total = BLOCK + text.length + paddingOf(text.length) + size + END.length;
  try {
    const digest = await files.receive(part, bundleBytes(files, text, members), {
      mode: MODE,
      offset: 0,
      maxBytes: total,
      stop,
    });
    // What nobody could open is told where it can still be mended.
    await openBundle(files, part);
    await files.rename(part, to);
    await files.sync(dirname(to));
    return digest;
  } catch (error) {
    await files.remove(part);
    throw error;
  }
}

async function* bundleBytes(files: Files, index: Buffer, members: readonly PackedMember[]): AsyncGenerator<Buffer> {
  yield headerOf(INDEX_NAME, index.length);
  yield index;
  yield Buffer.alloc(paddingOf(index.length));
  for (const member of members) {
    yield headerOf(member.name, member.size);
    yield* bodyOf(files, member);
    yield Buffer.alloc(paddingOf(member.size));
  }
  yield END;
}

/** The index says its digest already: what is read now must be that, or everybody would refuse the bundle. */
async function* bodyOf(files: Files, member: PackedMember): AsyncGenerator<Buffer> {
  const { size, sha256, from } = member;
  if (typeof from !== 'string') {
    yield from;
    return;
  }
  const hash = createHash('sha256');
  let seen = 0;
  for await (const chunk of files.stream(from) as AsyncIterable<Buffer>) {
    seen += chunk.length;
    if (seen > size) throw changed(member, from);
    hash.update(chunk);
    yield chunk;
  }
  const digest = hash.digest('hex');
  if (seen !== size) throw changed(member, from);
  if (digest !== sha256)
    throw member.claimedBy === undefined
      ? changed(member, from)
      : contradicted(from, digest, { from: member.claimedBy, sha256 });
}

function changed({ name }: PackedMember, from: string): RefitError {
  return new RefitError('E_WORLD_CHANGED', `Cannot bundle ${name}: ${from} changed while it was read`, {
    hint: 'type the command again once nobody writes there',
    facts: { name, from },
  });
}
