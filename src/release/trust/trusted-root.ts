import { type CertificateAuthority, type TransparencyLogInstance, TrustedRoot } from '@sigstore/protobuf-specs';
import { type KeyFinderFunc, type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import type { Files } from '../../host/files.ts';
import { fromLibrary } from './from-library.ts';
import publicGood from './public-good.json' with { type: 'json' };
import { readSmall } from './read-small.ts';
import { noGround, type Seen } from './refusals.ts';
import { type Json, parseStrictJson } from './strict-json.ts';

const MEDIA_TYPES = [
  'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  'application/vnd.dev.sigstore.trustedroot.v0.2+json',
];
const WHAT = 'trusted root';

/** The authorities that are believed: those of the file, or of the public good instance as pinned in this package. */
export async function trustMaterial(
  files: Files,
  path: string | undefined,
  keys: KeyFinderFunc | undefined,
): Promise<TrustMaterial> {
  const refuse = (seen: Seen) => noGround(path ?? 'the pinned root', WHAT, seen);
  const json = path === undefined ? publicGood : await readRoot(files, path);
  return fromLibrary(
    () => {
      const root = TrustedRoot.fromJSON(json);
      const missing = missingFrom(root);
      if (missing !== undefined) throw refuse({ seen: `no ${missing}`, expected: 'one' });
      return toTrustMaterial(root, keys);
    },
    (cause) => refuse({ seen: `what cannot be read (${cause.message})`, expected: 'keys and certificates', cause }),
  );
}

async function readRoot(files: Files, path: string): Promise<Json> {
  const refuse = (seen: Seen) => noGround(path, WHAT, seen);
  const data = await readSmall(files, path, refuse);
  return parseStrictJson(data, { numbers: 'integers', refuse: (seen, expected) => refuse({ seen, expected }) });
}

/** An absent start would be read as "since ever": the specification requires it. */
function missingFrom(root: TrustedRoot): string | undefined {
  if (!MEDIA_TYPES.includes(root.mediaType)) return `mediaType that is known, but "${root.mediaType.slice(0, 80)}"`;
  if (root.certificateAuthorities.length === 0) return 'certificate authority';
  if (root.tlogs.length === 0) return 'transparency log';
  const logs = [...root.tlogs, ...root.ctlogs];
  if (logs.some((log: TransparencyLogInstance) => log.publicKey?.validFor?.start === undefined))
    return "start of a log's validity";
  const authorities = [...root.certificateAuthorities, ...root.timestampAuthorities];
  if (authorities.some((one: CertificateAuthority) => one.validFor?.start === undefined))
    return "start of an authority's validity";
  return undefined;
}
