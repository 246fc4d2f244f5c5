import { gunzipSync, gzipSync } from 'node:zlib';
import { Header } from 'tar';

const BLOCK = 512;

/** What the release workflow's runner is: an unpacker must not keep it. */
const RUNNER = { uid: 1001, gid: 127, uname: 'runner', gname: 'docker' };

/** A gzipped ustar of flat members [{name, mode, bytes}]; the same input gives the same bytes. */
export function tarball(members, mtime) {
  const blocks = members.flatMap(({ name, mode, bytes }) => {
    const header = new Header({ path: name, mode, size: bytes.length, mtime, type: 'File', ...RUNNER });
    const block = Buffer.alloc(BLOCK);
    header.encode(block);
    return [block, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

/** The members of such a tarball, name → bytes. */
export function membersOf(gzipped) {
  const bytes = gunzipSync(gzipped);
  const members = new Map();
  for (let at = 0; bytes[at] !== 0; ) {
    const header = new Header(bytes, at);
    members.set(header.path, bytes.subarray(at + BLOCK, at + BLOCK + header.size));
    at += BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
  }
  return members;
}
