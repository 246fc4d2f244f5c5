import { createHash, type KeyObject, type KeyPairKeyObjectResult, sign } from 'node:crypto';
import type { Json } from '../../../../src/release/trust/strict-json.ts';
import type { SignerPolicy } from '../../../../src/release/trust/trust.ts';
import {
  type Authority,
  certificateAuthority,
  ecKey,
  fulcioExtensions,
  pem,
  spki,
  type Validity,
  type Who,
} from './authority.ts';
import { type Log, transparencyLog } from './log.ts';

export const WHO: Who = {
  issuer: 'https://token.actions.githubusercontent.com',
  repository: 'https://github.com/acme/app',
  ref: 'refs/tags/v1.2.3',
  workflow: 'https://github.com/acme/app/.github/workflows/release.yml',
};

export const POLICY = {
  kind: 'workflow',
  issuer: WHO.issuer,
  repository: WHO.repository,
  ref: 'refs/tags/v*',
  workflow: WHO.workflow,
} as const satisfies SignerPolicy;

export const IDENTITY = {
  kind: 'identity',
  issuer: WHO.issuer,
  identity: `${WHO.workflow}@${WHO.ref}`,
} as const satisfies SignerPolicy;

export type Form = 'legacy' | 'v0.1' | 'v0.2' | 'v0.3' | 'attestation';
export const FORMS: readonly Form[] = ['legacy', 'v0.1', 'v0.2', 'v0.3', 'attestation'];

export interface SignOptions {
  readonly form?: Form;
  readonly who?: Who;
  /** Extensions that say something else than `who`. */
  readonly extensions?: readonly Buffer[];
  readonly validity?: Validity;
  /** A key of one's own, without a certificate. */
  readonly bare?: KeyPairKeyObjectResult;
  /** When the log takes it in; seconds since the epoch. */
  readonly loggedAt?: number;
  /** Changes the log's entry before the log signs it. */
  readonly entry?: (body: Json) => Json;
  /** Changes the statement before it is signed. */
  readonly statement?: (statement: Json) => Json;
}

/** An instance of one's own: authority and log, with real keys. */
export interface PrivateSigstore {
  /** As `--trusted-root` takes it. */
  readonly root: Json;
  sign(artifact: Buffer, options?: SignOptions): Json;
}

const YEARS: Validity = { from: new Date('2020-01-01T00:00:00Z'), until: new Date('2040-01-01T00:00:00Z') };
/** Fulcio's certificates live for ten minutes. */
export const MINUTES: Validity = { from: new Date('2026-10-09T05:17:11Z'), until: new Date('2026-10-09T05:27:11Z') };
export const LOGGED_AT = Date.parse('2026-10-09T05:17:12Z') / 1000;
const LOG_INDEX = 4711;

export function privateSigstore(label = 'acme'): PrivateSigstore {
  const authority = certificateAuthority(label, YEARS);
  const log = transparencyLog('rekor.acme.example');
  return { root: rootOf(authority, log), sign: (artifact, options = {}) => signed(authority, log, artifact, options) };
}

function rootOf({ chain }: Authority, { publicKey, id, baseUrl }: Log): Json {
  const validFor = { start: YEARS.from.toISOString(), end: YEARS.until.toISOString() };
  const rawBytes = spki(publicKey).toString('base64');
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      {
        baseUrl,
        hashAlgorithm: 'SHA2_256',
        publicKey: { rawBytes, keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
        logId: { keyId: id.toString('base64') },
      },
    ],
    certificateAuthorities: [
      {
        uri: 'https://fulcio.acme.example',
        certChain: { certificates: chain.map((der) => ({ rawBytes: der.toString('base64') })) },
        validFor,
      },
    ],
    ctlogs: [],
    timestampAuthorities: [],
  };
}

function signed(authority: Authority, log: Log, artifact: Buffer, options: SignOptions): Json {
  const { form = 'legacy', who = WHO, validity = MINUTES, loggedAt = LOGGED_AT } = options;
  const { publicKey, privateKey } = options.bare ?? ecKey();
  const certificate = authority.issue(publicKey, options.extensions ?? fulcioExtensions(who), validity);
  const content =
    form === 'attestation' ? envelope(artifact, privateKey, options.statement) : message(artifact, privateKey);
  const verifier =
    options.bare === undefined ? pem(certificate) : String(publicKey.export({ type: 'spki', format: 'pem' }));
  const plainEntry =
    'dsseEnvelope' in content ? dsseEntry(content.dsseEnvelope, verifier) : hashedRekord(content, verifier);
  const entry = options.entry?.(plainEntry) ?? plainEntry;
  const body = Buffer.from(JSON.stringify(entry));
  const promise = log.promise(body, loggedAt, LOG_INDEX).toString('base64');
  if (form === 'legacy')
    return legacy(content as ReturnType<typeof message>, certificate, { log, body, promise, loggedAt });
  const rawBytes = certificate.toString('base64');
  const old = form === 'v0.1' || form === 'v0.2';
  return {
    mediaType: old
      ? `application/vnd.dev.sigstore.bundle+json;version=${form.slice(1)}`
      : 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      ...(options.bare === undefined
        ? old
          ? { x509CertificateChain: { certificates: [{ rawBytes }] } }
          : { certificate: { rawBytes } }
        : { publicKey: { hint: 'ours' } }),
      tlogEntries: [
        {
          logIndex: String(LOG_INDEX),
          logId: { keyId: log.id.toString('base64') },
          kindVersion: { kind: plainEntry.kind, version: plainEntry.apiVersion },
          integratedTime: String(loggedAt),
          inclusionPromise: { signedEntryTimestamp: promise },
          ...(form === 'v0.1' ? {} : { inclusionProof: { ...log.prove(body) } }),
          canonicalizedBody: body.toString('base64'),
        },
      ],
    },
    ...content,
  };
}

interface Logged {
  readonly log: Log;
  readonly body: Buffer;
  readonly promise: string;
  readonly loggedAt: number;
}

function legacy(
  { messageSignature }: ReturnType<typeof message>,
  certificate: Buffer,
  { log, body, promise, loggedAt }: Logged,
): Json {
  return {
    base64Signature: messageSignature.signature,
    cert: Buffer.from(pem(certificate)).toString('base64'),
    rekorBundle: {
      SignedEntryTimestamp: promise,
      Payload: {
        body: body.toString('base64'),
        integratedTime: loggedAt,
        logIndex: LOG_INDEX,
        logID: log.id.toString('hex'),
      },
    },
  };
}

const hex = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

function message(artifact: Buffer, key: KeyObject) {
  const digest = createHash('sha256').update(artifact).digest('base64');
  const signature = sign('sha256', artifact, key).toString('base64');
  return { messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest }, signature } };
}

function envelope(artifact: Buffer, key: KeyObject, change: SignOptions['statement']) {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app.tar.gz', digest: { sha256: hex(artifact) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: { buildDefinition: { weight: 1.5 } },
  };
  const payload = Buffer.from(JSON.stringify(change?.(statement) ?? statement));
  const payloadType = 'application/vnd.in-toto+json';
  const bytes = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
  const sig = sign('sha256', bytes, key).toString('base64');
  return { dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig }] } };
}

function hashedRekord({ messageSignature }: ReturnType<typeof message>, signer: string) {
  const { messageDigest, signature } = messageSignature;
  const value = Buffer.from(messageDigest.digest, 'base64').toString('hex');
  const content = Buffer.from(signer).toString('base64');
  const data = { hash: { algorithm: 'sha256', value } };
  return {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: { data, signature: { content: signature, publicKey: { content } } },
  };
}

function dsseEntry({ payload, signatures }: ReturnType<typeof envelope>['dsseEnvelope'], signer: string) {
  const verifier = Buffer.from(signer).toString('base64');
  const payloadHash = { algorithm: 'sha256', value: hex(Buffer.from(payload, 'base64')) };
  const spec = { payloadHash, signatures: signatures.map(({ sig }) => ({ signature: sig, verifier })) };
  return { apiVersion: '0.0.1', kind: 'dsse', spec };
}
