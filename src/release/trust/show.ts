import type { Files } from '../../host/files.ts';
import type { Trusted } from './trust.ts';
import { believedRoot, type WhichRoot } from './trusted-root.ts';

interface Validity {
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/** What is believed now, from where, and until when. */
export async function showTrust(files: Files, which: WhichRoot): Promise<Trusted> {
  const { root, sha256, origin } = await believedRoot(files, which);
  const { kind: from, path, kept, passedOver } = origin;
  const row = (kind: Trusted['authorities'][number]['kind'], uri: string, validFor: Validity | undefined) => ({
    kind,
    uri,
    from: validFor?.start?.toISOString() ?? '',
    until: validFor?.end?.toISOString(),
  });
  return {
    from,
    path,
    sha256,
    mirror: kept?.mirror,
    refreshedAt: kept?.refreshedAt,
    expires: kept?.expires,
    versions: kept?.versions,
    passedOver,
    authorities: [
      ...root.certificateAuthorities.map(({ uri, validFor }) => row('certificate authority', uri, validFor)),
      ...root.tlogs.map(({ baseUrl, publicKey }) => row('transparency log', baseUrl, publicKey?.validFor)),
      ...root.ctlogs.map(({ baseUrl, publicKey }) => row('certificate log', baseUrl, publicKey?.validFor)),
      ...root.timestampAuthorities.map(({ uri, validFor }) => row('timestamp authority', uri, validFor)),
    ],
  };
}
