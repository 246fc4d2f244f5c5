import { Header } from 'tar/header';

/** What one 512-byte block says. */
export interface MemberHeader {
  readonly kind: 'file' | 'directory' | 'link' | 'pax' | 'global-pax' | 'long-name' | 'long-link';
  readonly path: string;
  readonly linkPath: string;
  /** Bytes of body that follow, without padding. */
  readonly size: number;
}

const KINDS: Readonly<Record<string, MemberHeader['kind']>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'directory',
  Link: 'link',
  SymbolicLink: 'link',
  ExtendedHeader: 'pax',
  GlobalExtendedHeader: 'global-pax',
  NextFileHasLongPath: 'long-name',
  NextFileHasLongLinkpath: 'long-link',
};

const SET_ID = 0o6000;

export type ReadHeader =
  | { readonly is: 'end' }
  | { readonly is: 'damaged'; readonly why: string }
  | { readonly is: 'unsafe'; readonly why: string }
  | { readonly is: 'header'; readonly header: MemberHeader };

/** Reads one block. The tar package decodes it; what it would read leniently is refused here. */
export function readHeader(block: Buffer): ReadHeader {
  const header = decode(block);
  if (header === undefined) return { is: 'damaged', why: 'a header with numbers out of range' };
  if (header.nullBlock) return { is: 'end' };
  if (!header.cksumValid) return { is: 'damaged', why: 'a header with a wrong checksum' };
  const { path = '', linkpath: linkPath = '', size, mode = 0 } = header;
  const kind = KINDS[header.type];
  if (kind === undefined) return { is: 'unsafe', why: `a member of type ${header.type}` };
  // Ours are the modes that are given, so it would do no harm; but no server's release needs the bit, and a tar that somebody
  // unpacks by hand with the same archive obeys it.
  if (kind === 'file' && (mode & SET_ID) !== 0)
    return { is: 'unsafe', why: 'a file that would run as its owner (set-uid)' };
  // It reads a negative or absent size as undefined, and a folder's as 0 whatever is written there.
  if (size === undefined) return { is: 'damaged', why: 'a member without a size' };
  const hasBody = size > 0 || (kind === 'directory' && /[^0 \0]/.test(block.toString('latin1', 124, 136)));
  if (hasBody && (kind === 'directory' || kind === 'link')) return { is: 'unsafe', why: `a ${kind} with a body` };
  if (kind !== 'link' && linkPath !== '') return { is: 'unsafe', why: `a ${kind} with a link target` };
  return { is: 'header', header: { kind, path, linkPath, size } };
}

/** Undefined where a number in base 256 is malformed or beyond what a number holds: the package throws then. */
function decode(block: Buffer): Header | undefined {
  try {
    return new Header(block);
  } catch {
    return undefined;
  }
}

/**
 * The one block that we write for a plain file: nobody's, mode 0644, of 1970, so that the same files make the same archive.
 * Undefined where name or size need more than one block says.
 */
export function plainHeader(path: string, size: number): Buffer | undefined {
  const block = Buffer.alloc(512);
  const header = new Header({ path, size, type: 'File', mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) });
  return header.encode(block) ? undefined : block;
}
