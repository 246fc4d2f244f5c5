import { X509Certificate } from 'node:crypto';
import { BUNDLE_V01_MEDIA_TYPE } from '@sigstore/bundle';
import { HashAlgorithm } from '@sigstore/protobuf-specs';
import type { RefitError } from '../../errors.ts';
import { strictBase64 } from './base64.ts';
import { Fields } from './fields.ts';
import { fromLibrary } from './from-library.ts';
import type { ParsedBundle } from './parsed-bundle.ts';
import { type Json, parseStrictJson } from './strict-json.ts';

type Refuse = (seen: string, expected: string, cause?: unknown) => RefitError;

/** What is only in this form. */
export const looksLegacy = (json: Json): boolean =>
  typeof json === 'object' && json !== null && ('base64Signature' in json || 'rekorBundle' in json);

/**
 * Reads what `cosign sign-blob --bundle` wrote until version 3, as the Sigstore bundle v0.1 with the same content: one
 * certificate, a signature, and the log's promise for an entry of both. `refuseBody` is for what the log holds.
 */
export function parseLegacyBundle(json: Json, refuse: Refuse, refuseBody: Refuse): ParsedBundle {
  const fields = new Fields(json, 'bundle', refuse);
  const signature = fields.bytes('base64Signature');
  const certificate = oneCertificate(fields.text('cert'), refuse);
  const rekor = fields.object('rekorBundle');
  const payload = rekor.object('Payload');
  const logId = payload.text('logID');
  if (!/^[0-9a-f]{64}$/.test(logId)) throw refuse(`"${logId.slice(0, 80)}" as logID`, '64 hexadecimal digits');
  const canonicalizedBody = payload.bytes('body');
  requireHashedRekord(canonicalizedBody, refuseBody);
  return {
    format: 'legacy cosign bundle',
    bundle: {
      mediaType: BUNDLE_V01_MEDIA_TYPE,
      verificationMaterial: {
        content: { $case: 'x509CertificateChain', x509CertificateChain: { certificates: [{ rawBytes: certificate }] } },
        tlogEntries: [
          {
            logIndex: String(payload.count('logIndex')),
            logId: { keyId: Buffer.from(logId, 'hex') },
            kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
            integratedTime: String(payload.count('integratedTime')),
            inclusionPromise: { signedEntryTimestamp: rekor.bytes('SignedEntryTimestamp') },
            inclusionProof: undefined,
            canonicalizedBody,
          },
        ],
        timestampVerificationData: undefined,
      },
      content: {
        $case: 'messageSignature',
        // This form claims no digest of its own: the log's entry does.
        messageSignature: { signature, messageDigest: { algorithm: HashAlgorithm.SHA2_256, digest: Buffer.alloc(0) } },
      },
    },
  };
}

const BEGIN = '-----BEGIN';
const PEM = /^-----BEGIN CERTIFICATE-----\r?\n(?<body>[A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----\s*$/;

/** PEM, or as cosign writes it base64 of PEM. A damaged PEM is not tried as the other. */
function oneCertificate(text: string, refuse: Refuse): Buffer {
  const pem = text.startsWith(BEGIN) ? text : strictBase64(text)?.toString('latin1');
  const body = PEM.exec(pem ?? '')?.groups?.['body']?.replace(/[\r\n]/g, '');
  const der = body === undefined ? undefined : strictBase64(body);
  if (der === undefined) throw refuse('bundle.cert that is not one certificate in PEM', 'exactly one');
  return fromLibrary(
    () => new X509Certificate(der).raw,
    (cause) => refuse(`bundle.cert that cannot be read (${cause.message})`, 'a certificate', cause),
  );
}

function requireHashedRekord(body: Buffer, refuse: Refuse): void {
  const entry = new Fields(parseStrictJson(body, { numbers: 'integers', refuse }), 'body', refuse);
  const kind = `${entry.text('kind')} ${entry.text('apiVersion')}`;
  if (kind !== 'hashedrekord 0.0.1') throw refuse(`an entry of the kind ${JSON.stringify(kind)}`, 'hashedrekord 0.0.1');
  const algorithm = entry.object('spec').object('data').object('hash').text('algorithm');
  if (algorithm !== 'sha256') throw refuse(`a hash by ${JSON.stringify(algorithm)}`, 'sha256');
}
