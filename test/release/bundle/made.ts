import { headerOf, paddingOf } from '../../../src/release/bundle/blocks.ts';
import { type BundleIndex, type BundleMember, indexBytes } from '../../../src/release/bundle/index-file.ts';
import { TAR_END } from '../tarball.ts';
import { sha256 } from '../workshop.ts';

export const ARCHIVE = 'releases/v0.2.13/app_linux_amd64.tar.gz';
export const LIST = 'releases/v0.2.13/checksums.txt';

const BODY = Buffer.from('an archive, or so it says');

/** Of one release: an archive, and the list with its digest. */
export const FILES: Readonly<Record<string, Buffer>> = {
  [ARCHIVE]: BODY,
  [LIST]: Buffer.from(`${sha256(BODY)}  app_linux_amd64.tar.gz\n`),
};

/** What the index says of them. */
export function indexOf(files: Readonly<Record<string, Buffer>>, changes: Partial<BundleIndex> = {}): BundleIndex {
  const members = Object.entries(files).map(([name, data]): BundleMember => {
    return { name, size: data.length, sha256: sha256(data) };
  });
  return { product: 'app', releases: [{ tag: 'v0.2.13', prerelease: false }], members, ...changes };
}

/** One member; `change` may do anything to its header, whose sum is right again afterwards. */
export function member(name: string, data: Buffer, change: (header: Buffer) => void = () => undefined): Buffer {
  const header = headerOf(name, data.length);
  change(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')} \0`, 148);
  return Buffer.concat([header, data, Buffer.alloc(paddingOf(data.length))]);
}

/** A bundle made by hand: any index before any members. */
export function bundleOf(index: Buffer | BundleIndex, ...members: readonly Buffer[]): Buffer {
  const data = Buffer.isBuffer(index) ? index : indexBytes(index);
  return Buffer.concat([member('index.json', data), ...members, TAR_END]);
}

export const membersOf = (files: Readonly<Record<string, Buffer>>): readonly Buffer[] =>
  Object.entries(files).map(([name, data]) => member(name, data));

/** A whole one. */
export const whole = (): Buffer => bundleOf(indexOf(FILES), ...membersOf(FILES));
