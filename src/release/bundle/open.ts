import type { Files } from '../../host/files.ts';
import { readHeader } from '../archive/member-header.ts';
import { quoted } from '../archive/refusal.ts';
import { looksLike } from '../looks-like.ts';
import { BLOCK, END, headerOf, paddingOf } from './blocks.ts';
import { type BundleIndex, type BundleMember, INDEX_MAX_BYTES, INDEX_NAME, parseIndex } from './index-file.ts';
import { cutBundle, invalidBundle } from './refusal.ts';

/** Where the bytes of a member lie. */
export interface PlacedMember extends BundleMember {
  readonly offset: number;
}

/** A bundle whose every header is what its index says. Its bodies are as yet unread. */
export interface OpenBundle {
  readonly path: string;
  readonly size: number;
  readonly index: BundleIndex;
  readonly members: ReadonlyMap<string, PlacedMember>;
}

/** Whether a file begins as a bundle does. */
export function looksLikeBundle(head: Buffer): boolean {
  if (head.length < BLOCK) return false;
  const read = readHeader(head.subarray(0, BLOCK));
  return read.is === 'header' && read.header.kind === 'file' && read.header.path === INDEX_NAME;
}

/**
 * Reads the index, and every header by the place where the index has it. Each must be, byte for byte, the one that we write:
 * of a bundle there is only one form, so nothing in it can be read in two ways. Nothing is unpacked.
 */
export async function openBundle(files: Files, path: string): Promise<OpenBundle> {
  const bytes = (await files.stat(await files.realPath(path)))?.size ?? 0;
  const walk: Walk = { files, path, bytes, seen: new Set([INDEX_NAME]) };
  const first = await blockAt(walk, 0);
  if (!looksLikeBundle(first)) {
    throw invalidBundle(path, 'format', { seen: looksLike(first), expected: 'a bundle, index.json first' });
  }
  const index = await readIndex(walk, first);
  let offset = BLOCK + index.size + paddingOf(index.size);
  const members = new Map<string, PlacedMember>();
  for (const member of index.members) {
    await requireHeader(walk, offset, member, index.members);
    walk.seen.add(member.name);
    members.set(member.name, { ...member, offset: offset + BLOCK });
    offset += BLOCK + member.size + paddingOf(member.size);
  }
  await requireEnd(walk, offset, index.members);
  return { path, size: offset + END.length, index, members };
}

interface Walk {
  readonly files: Files;
  readonly path: string;
  /** Of the file, as it is. */
  readonly bytes: number;
  readonly seen: Set<string>;
}

async function readIndex(
  { files, path, bytes }: Walk,
  block: Buffer,
): Promise<BundleIndex & { readonly size: number }> {
  const read = readHeader(block);
  const size = read.is === 'header' ? read.header.size : 0;
  if (size > INDEX_MAX_BYTES) {
    throw invalidBundle(path, 'index', { seen: `an index of ${size} bytes`, expected: `${INDEX_MAX_BYTES} at most` });
  }
  if (!headerOf(INDEX_NAME, size).equals(block)) {
    throw invalidBundle(path, 'header', {
      seen: 'another header of index.json',
      expected: 'the one that refit writes',
    });
  }
  const padded = await files.readFrom(path, BLOCK, size + paddingOf(size));
  if (padded.length < size + paddingOf(size)) {
    throw cutBundle(path, { seen: `${bytes} bytes`, expected: `an index of ${size} bytes and more` });
  }
  const data = padded.subarray(0, size);
  if (padded.subarray(size).some((byte) => byte !== 0)) {
    throw invalidBundle(path, 'header', { seen: 'data behind the end of index.json', expected: 'zeros' });
  }
  const index = parseIndex(data, (seen, expected) =>
    invalidBundle(path, 'index', { seen: `${seen} in its index`, expected }),
  );
  return { ...index, size };
}

async function requireHeader(
  walk: Walk,
  offset: number,
  { name, size }: BundleMember,
  members: readonly BundleMember[],
): Promise<void> {
  const block = await blockAt(walk, offset);
  if (headerOf(name, size).equals(block)) return;
  throw strangeMember(walk, block, members, { seen: 'another header', expected: `${name} of ${size} bytes` });
}

/** Says what is there where something else should be. */
function strangeMember(
  { path, seen }: Walk,
  block: Buffer,
  members: readonly BundleMember[],
  { seen: otherwise, expected }: { readonly seen: string; readonly expected: string },
) {
  const read = readHeader(block);
  if (read.is === 'end') return invalidBundle(path, 'missing', { seen: 'the end of its members', expected });
  if (read.is !== 'header') return invalidBundle(path, 'header', { seen: read.why, expected });
  const { path: name, size, kind } = read.header;
  if (seen.has(name)) return invalidBundle(path, 'duplicate', { seen: `${quoted(name)} twice`, expected });
  const listed = members.find((member) => member.name === name);
  if (listed === undefined) {
    return invalidBundle(path, 'unlisted', { seen: `${quoted(name)}, which its index does not list`, expected });
  }
  if (!expected.startsWith(`${name} of `)) {
    return invalidBundle(path, 'missing', { seen: `${quoted(name)} too early`, expected });
  }
  if (kind === 'file' && size !== listed.size) {
    return invalidBundle(path, 'size', { seen: `${name} of ${size} bytes`, expected });
  }
  return invalidBundle(path, 'header', { seen: `${otherwise} of ${name}`, expected });
}

/** Behind the end there is nothing, not even the zeros that other programs add: one form. */
async function requireEnd(walk: Walk, offset: number, members: readonly BundleMember[]): Promise<void> {
  const { files, path, bytes } = walk;
  const rest = await files.readFrom(path, offset, END.length + 1);
  if (rest.equals(END)) return;
  if (END.subarray(0, rest.length).equals(rest)) {
    throw cutBundle(path, { seen: `${bytes} bytes`, expected: `${offset + END.length}` });
  }
  if (rest.subarray(0, END.length).equals(END)) {
    throw invalidBundle(path, 'end', { seen: 'data behind its end', expected: 'none' });
  }
  throw strangeMember(walk, rest.subarray(0, BLOCK), members, { seen: 'data', expected: 'its end' });
}

async function blockAt({ files, path, bytes }: Walk, offset: number): Promise<Buffer> {
  const block = await files.readFrom(path, offset, BLOCK);
  if (block.length === BLOCK) return block;
  throw cutBundle(path, { seen: `${bytes} bytes`, expected: `a header at byte ${offset}` });
}
