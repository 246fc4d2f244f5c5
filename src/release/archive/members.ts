import { looksLike } from '../looks-like.ts';
import { ByteReader } from './byte-reader.ts';
import { type MemberHeader, readHeader } from './member-header.ts';
import { type PaxFields, parsePax } from './pax.ts';
import { invalidArchive, quoted, unsafeArchive } from './refusal.ts';

/** One file, folder or link of an archive. */
export interface Member {
  /** As written: not judged, see `member-name.ts`. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link';
  /** Where a link leads, as written; empty otherwise. */
  readonly target: string;
  readonly size: number;
  /** To be read, if at all, before the next member is asked for. Rejects with E_ARCHIVE_INVALID where it is cut. */
  readonly body: AsyncIterable<Buffer>;
}

export interface MemberLimits {
  /** Headers of any kind. */
  readonly maxMembers: number;
  readonly maxBytes: number;
}

const BLOCK = 512;
/** Room for any path the kernel takes, sixteen times over. */
const META_MAX_BYTES = 64 * 1024;

/** What earlier headers say about the member to come. */
interface Pending {
  pax?: PaxFields;
  longName?: string;
  longLink?: string;
}

/**
 * Walks an archive to its very end. `archive` names it in errors. Whatever two tar programs could understand in two ways
 * is refused: E_ARCHIVE_UNSAFE; what is damaged or cut: E_ARCHIVE_INVALID. Source: POSIX.1-2017 pax; GNU tar manual, D.3.
 */
export async function* readMembers(
  bytes: AsyncIterable<Buffer>,
  archive: string,
  { maxMembers, maxBytes }: MemberLimits,
): AsyncGenerator<Member, void, undefined> {
  const reader = new ByteReader(bytes);
  try {
    let pending: Pending = {};
    for (let count = 0; ; count += 1) {
      const header = await nextHeader(reader, archive, count === 0);
      if (header === undefined) break;
      if (count >= maxMembers) throw unsafeArchive(archive, `more than ${maxMembers} members`);
      if (header.size > maxBytes) throw unsafeArchive(archive, `a member of ${header.size} bytes`);
      if (header.kind === 'file' || header.kind === 'directory' || header.kind === 'link') {
        yield* oneMember(reader, archive, header, pending);
        pending = {};
      } else {
        pending = await remember(reader, archive, header, pending);
      }
    }
    if (Object.keys(pending).length > 0) throw invalidArchive(archive, 'an extended header without a member');
    await requireZeros(reader, archive);
  } finally {
    await reader.close();
  }
}

async function nextHeader(reader: ByteReader, archive: string, isFirst: boolean): Promise<MemberHeader | undefined> {
  const block = await reader.read(BLOCK);
  if (block.length < BLOCK) throw invalidArchive(archive, isFirst ? `${looksLike(block)} inside` : 'a cut archive');
  const read = readHeader(block);
  switch (read.is) {
    case 'end':
      return undefined;
    case 'damaged':
      throw invalidArchive(archive, isFirst ? `${looksLike(block)} inside, expected a tar archive` : read.why);
    case 'unsafe':
      throw unsafeArchive(archive, read.why);
    case 'header':
      return read.header;
  }
}

async function* oneMember(
  reader: ByteReader,
  archive: string,
  header: MemberHeader,
  { pax, longName, longLink }: Pending,
): AsyncGenerator<Member, void, undefined> {
  const { kind, size } = header;
  if (kind !== 'file' && kind !== 'directory' && kind !== 'link') return;
  const name = pax?.path ?? longName ?? header.path;
  const target = pax?.linkpath ?? longLink ?? header.linkPath;
  if (kind !== 'link' && target !== '') throw unsafeArchive(archive, `the ${kind} ${quoted(name)} with a link target`);
  let left = size;
  async function* body(): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of reader.take(left)) {
      left -= piece.length;
      yield piece;
    }
    if (left > 0) throw cut(archive, name, left);
  }
  yield { name, kind, target, size, body: { [Symbol.asyncIterator]: body } };
  await skip(reader, archive, name, left + padding(size));
}

async function remember(reader: ByteReader, archive: string, header: MemberHeader, pending: Pending): Promise<Pending> {
  if (header.size > META_MAX_BYTES) throw unsafeArchive(archive, `an extended header of ${header.size} bytes`);
  const data = await reader.read(header.size);
  await skip(reader, archive, 'an extended header', header.size - data.length + padding(header.size));
  if (header.kind === 'pax' || header.kind === 'global-pax') {
    const pax = parsePax(data);
    if (typeof pax === 'string') throw unsafeArchive(archive, pax);
    if (header.kind === 'pax') return { ...pending, pax: once(archive, pending.pax ?? pending.longName, pax) };
    // A path for every member to come names none of them.
    if (Object.keys(pax).length > 0) throw unsafeArchive(archive, 'a global header that names members');
    return pending;
  }
  const text = data.toString('utf8').replace(/\0$/, '');
  return header.kind === 'long-name'
    ? { ...pending, longName: once(archive, pending.longName ?? pending.pax, text) }
    : { ...pending, longLink: once(archive, pending.longLink ?? pending.pax, text) };
}

/** Two names for one member: tar programs differ in which of them holds. */
function once<T>(archive: string, earlier: unknown, value: T): T {
  if (earlier === undefined) return value;
  throw unsafeArchive(archive, 'two extended headers for one member');
}

async function skip(reader: ByteReader, archive: string, name: string, size: number): Promise<void> {
  let left = size;
  for await (const piece of reader.take(left)) left -= piece.length;
  if (left > 0) throw cut(archive, name, left);
}

/** Behind the end there are only zeros, at least one block of them: members that `tar -i` would find are no padding. */
async function requireZeros(reader: ByteReader, archive: string): Promise<void> {
  let size = 0;
  for await (const piece of reader.take(Number.MAX_SAFE_INTEGER)) {
    size += piece.length;
    if (piece.some((byte) => byte !== 0)) throw unsafeArchive(archive, 'data behind the end of the archive');
  }
  if (size < BLOCK) throw invalidArchive(archive, 'a cut archive');
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function cut(archive: string, name: string, missing: number) {
  return invalidArchive(archive, `${quoted(name)} cut ${missing} bytes before its end`);
}
