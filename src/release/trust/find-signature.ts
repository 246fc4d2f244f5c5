import { basename } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { looksMinisign } from './minisign-text.ts';
import { readSmall } from './read-small.ts';
import { nameOf, type Seen, unreadable } from './refusals.ts';
import type { Artifact, Proof } from './trust.ts';

/** A signature file and its bytes. */
export interface SignatureFile {
  readonly path: string;
  readonly data: Buffer;
}

/** Behind the whole name; and, as bilbycast publishes them, in the place of its last extension. */
const NAMES: Record<Proof['method'], readonly string[]> = {
  sigstore: ['.sigstore.json', '.sigstore', '.sig.bundle', '.bundle'],
  minisign: ['.minisig'],
};

/** Reads what `--signature` named. Every file must be of a form that is known. */
export async function readGiven(
  files: Files,
  paths: readonly string[],
): Promise<ReadonlyMap<Proof['method'], SignatureFile>> {
  const given = new Map<Proof['method'], SignatureFile>();
  for (const path of paths) {
    const data = await readSmall(files, path, (seen) => unread(path, seen));
    const method = methodOf(path, data);
    const earlier = given.get(method);
    if (earlier !== undefined)
      throw unreadable(path, { seen: `a second ${method} signature`, expected: 'one of each kind' });
    given.set(method, { path, data });
  }
  return given;
}

/** Looks beside the file. E_SIGNATURE_MISSING where nothing is: a file that lost its signature proves nothing. */
export async function findSignature(files: Files, artifact: Artifact, method: Proof['method']): Promise<SignatureFile> {
  const candidates = artifact.kind === 'file' ? signatureNames(artifact.path, method) : [];
  for (const path of candidates) {
    if ((await files.stat(path)) === undefined) continue;
    const data = await readSmall(files, path, (seen) => unread(path, seen));
    if (methodOf(path, data) === method) return { path, data };
    throw unreadable(path, { seen: 'a signature of another kind', expected: `a ${method} signature` });
  }
  const names = candidates.map((path) => basename(path));
  throw signatureMissing(
    nameOf(artifact),
    method,
    names,
    'get it from where the file was published, and name it: --signature FILE',
  );
}

export function signatureMissing(
  file: string,
  method: Proof['method'],
  names: readonly string[],
  hint: string,
): RefitError {
  const expected = names.length === 0 ? 'one named with --signature' : `one of ${names.join(', ')}`;
  return new RefitError(
    'E_SIGNATURE_MISSING',
    `Cannot trust ${file}: saw no ${method} signature of it, expected ${expected}`,
    { hint, facts: { file, method } },
  );
}

/** Names or paths under which a file's signature may lie, the likeliest first. */
export function signatureNames(path: string, method: Proof['method']): readonly string[] {
  const stem = path.replace(/(?<=[^/])\.[^./]+$/, '');
  return [path, stem]
    .filter((each, index, all) => all.indexOf(each) === index)
    .flatMap((each) => NAMES[method].map((end) => each + end));
}

/** What a signature file's first bytes make of it. E_SIGNATURE_UNREADABLE where it is none that is known. */
export function methodOf(path: string, data: Buffer): Proof['method'] {
  if (looksMinisign(data)) return 'minisign';
  if (/^\s*\{/.test(data.toString('latin1', 0, 256))) return 'sigstore';
  throw unreadable(path, { seen: 'neither', expected: 'a Sigstore bundle or a minisign signature' });
}

function unread(path: string, seen: Seen): RefitError {
  const { cause } = seen;
  if (!(cause instanceof RefitError && cause.code === 'E_NOT_FOUND')) return unreadable(path, seen);
  return new RefitError(
    'E_SIGNATURE_MISSING',
    `Cannot read the signature ${path}: saw ${seen.seen}, expected it there`,
    {
      hint: 'get it from where the file was published, and name it: --signature FILE',
      facts: { signature: path, seen: seen.seen, expected: 'a file' },
      cause,
    },
  );
}
