import { expect, test } from 'vitest';
import { exitOf } from '../../../src/errors.ts';
import type { Json } from '../../../src/release/trust/strict-json.ts';
import { openWorkshop } from '../workshop.ts';
import { fulcioExtensions } from './support/authority.ts';
import { type Put, refusedPut } from './support/bench.ts';
import { at, edit, flipped } from './support/edit.ts';
import { LOGGED_AT, MINUTES, POLICY, privateSigstore, type SignOptions, WHO } from './support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const OTHER = Buffer.from('what somebody else would like');
const sigstore = privateSigstore();
const stranger = privateSigstore('stranger');

const PAYLOAD = 'rekorBundle.Payload';
const ENTRY = 'verificationMaterial.tlogEntries.0';

const signed = (options?: SignOptions): Json => sigstore.sign(ARTIFACT, options);
const legacy = (path: string, change: (old: Json) => Json | undefined): Json => edit(signed(), path, change);
const v03 = (path: string, change: (old: Json) => Json | undefined): Json =>
  edit(signed({ form: 'v0.3' }), path, change);
const attested = (path: string, change: (old: Json) => Json | undefined): Json =>
  edit(signed({ form: 'attestation' }), path, change);
const flip = (old: Json): Json => flipped(old, -1);
const none = (): undefined => undefined;
const text = (json: Json): string => JSON.stringify(json);
const bytes = (data: string): Buffer => Buffer.from(data);

/** Another number where the certificate's key says which curve it is on: OpenSSL opens the certificate, not the key. */
function damagedKey(old: Json): Json {
  const der = Buffer.from(String(old), 'base64');
  const curve = Buffer.from('2a8648ce3d030107', 'hex');
  der.writeUInt8(0x7f, der.indexOf(curve) + curve.length - 1);
  return der.toString('base64');
}

/** A valid entry of somebody else's file, in the place of this one's. */
const swappedEntry = edit(signed(), 'rekorBundle', () => at(sigstore.sign(OTHER), 'rekorBundle'));
const later = LOGGED_AT + 3600;

const UNREADABLE = 'E_SIGNATURE_UNREADABLE';
const INVALID = 'E_SIGNATURE_INVALID';
const STRANGER = 'E_SIGNER_MISMATCH';

type Row = readonly [title: string, put: Partial<Put>, code: string, check: string];

const rows: readonly Row[] = [
  // The file.
  ['a byte of the file, legacy', { artifact: Buffer.from('What was released') }, INVALID, 'log-body'],
  ['a byte more, legacy', { artifact: Buffer.concat([ARTIFACT, bytes('\n')]) }, INVALID, 'log-body'],
  ['an empty file', { artifact: bytes('') }, INVALID, 'log-body'],
  ['a byte of the file, v0.1', { artifact: OTHER, bundle: signed({ form: 'v0.1' }) }, INVALID, 'digest'],
  ['a byte of the file, v0.3', { artifact: OTHER, bundle: signed({ form: 'v0.3' }) }, INVALID, 'digest'],
  ['a byte of the file, attested', { artifact: OTHER, bundle: signed({ form: 'attestation' }) }, INVALID, 'digest'],
  // The bundle of another file.
  ['a swapped bundle, legacy', { bundle: sigstore.sign(OTHER) }, INVALID, 'log-body'],
  ['a swapped bundle, v0.3', { bundle: sigstore.sign(OTHER, { form: 'v0.3' }) }, INVALID, 'digest'],
  ['a swapped attestation', { bundle: sigstore.sign(OTHER, { form: 'attestation' }) }, INVALID, 'digest'],
  ['the log entry of another file', { bundle: swappedEntry }, INVALID, 'log-body'],
  // The signature.
  ['a bit of the signature, legacy', { bundle: legacy('base64Signature', flip) }, INVALID, 'signature'],
  ['a bit of the signature, v0.3', { bundle: v03('messageSignature.signature', flip) }, INVALID, 'signature'],
  ['a bit of the attestation', { bundle: attested('dsseEnvelope.signatures.0.sig', flip) }, INVALID, 'signature'],
  ['a bit of the statement', { bundle: attested('dsseEnvelope.payload', flip) }, INVALID, 'log-body'],
  ['another payload type', { bundle: attested('dsseEnvelope.payloadType', () => 'text/plain') }, INVALID, 'signature'],
  [
    'a signature by another key',
    { bundle: legacy('base64Signature', () => at(signed(), 'base64Signature')) },
    INVALID,
    'signature',
  ],
  ['a digest claimed wrongly', { bundle: v03('messageSignature.messageDigest.digest', flip) }, INVALID, 'digest'],
  // The certificate.
  ['a certificate of another signer', { bundle: legacy('cert', () => at(signed(), 'cert')) }, INVALID, 'log-body'],
  ['a bit of the certificate', { bundle: v03('verificationMaterial.certificate.rawBytes', flip) }, INVALID, 'chain'],
  [
    'a damaged key in the certificate',
    { bundle: v03('verificationMaterial.certificate.rawBytes', damagedKey) },
    UNREADABLE,
    'format',
  ],
  ['another instance', { bundle: stranger.sign(ARTIFACT) }, INVALID, 'chain'],
  ['another instance, v0.3', { bundle: stranger.sign(ARTIFACT, { form: 'v0.3' }) }, INVALID, 'chain'],
  ['the wrong root', { root: stranger.root }, INVALID, 'chain'],
  ['a certificate expired before', { bundle: signed({ loggedAt: later }) }, INVALID, 'integrated-time'],
  ['a certificate not valid yet', { bundle: signed({ loggedAt: LOGGED_AT - 3600 }) }, INVALID, 'integrated-time'],
  ['expired, v0.3', { bundle: signed({ form: 'v0.3', loggedAt: later }) }, INVALID, 'integrated-time'],
  ['logged in the far future', { bundle: signed({ loggedAt: 4_000_000_000 }) }, INVALID, 'integrated-time'],
  // The log.
  ['a bit of the promise, legacy', { bundle: legacy('rekorBundle.SignedEntryTimestamp', flip) }, INVALID, 'set'],
  [
    'a bit of the promise, v0.3',
    { bundle: v03(`${ENTRY}.inclusionPromise.signedEntryTimestamp`, flip) },
    INVALID,
    'set',
  ],
  ['another time', { bundle: legacy(`${PAYLOAD}.integratedTime`, () => LOGGED_AT + 1) }, INVALID, 'set'],
  ['another index', { bundle: legacy(`${PAYLOAD}.logIndex`, () => 4712) }, INVALID, 'set'],
  ['another log', { bundle: legacy(`${PAYLOAD}.logID`, () => '0'.repeat(64)) }, INVALID, 'set'],
  ['a bit of the proof', { bundle: v03(`${ENTRY}.inclusionProof.hashes.0`, flip) }, INVALID, 'inclusion'],
  ['another place in the tree', { bundle: v03(`${ENTRY}.inclusionProof.logIndex`, () => '1') }, INVALID, 'inclusion'],
  ['no entry at all', { bundle: v03('verificationMaterial.tlogEntries', () => []) }, INVALID, 'timestamp'],
  // What the log says.
  [
    'an entry of another kind',
    { bundle: signed({ entry: (body) => edit(body, 'kind', () => 'rpm') }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry of another version',
    { bundle: signed({ entry: (body) => edit(body, 'apiVersion', () => '0.0.3') }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry without a hash',
    { bundle: signed({ entry: (body) => edit(body, 'spec.data', none) }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry hashed otherwise',
    { bundle: signed({ entry: (body) => edit(body, 'spec.data.hash.algorithm', () => 'sha1') }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry of another digest',
    { bundle: signed({ entry: (body) => edit(body, 'spec.data.hash.value', () => '0'.repeat(64)) }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry of another signature',
    { bundle: signed({ entry: (body) => edit(body, 'spec.signature.content', flip) }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry without a signer',
    { bundle: signed({ entry: (body) => edit(body, 'spec.signature.publicKey', none) }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry of another signer',
    { bundle: signed({ entry: (body) => edit(body, 'spec.signature.publicKey.content', () => at(signed(), 'cert')) }) },
    INVALID,
    'log-body',
  ],
  [
    'an entry that is no JSON',
    { bundle: legacy(`${PAYLOAD}.body`, () => bytes('{').toString('base64')) },
    INVALID,
    'log-body',
  ],
  [
    'another body, v0.3',
    { bundle: v03(`${ENTRY}.canonicalizedBody`, () => bytes('{}').toString('base64')) },
    INVALID,
    'log-body',
  ],
  // What is attested.
  [
    'an attestation without this file',
    { bundle: signed({ form: 'attestation', statement: (one) => edit(one, 'subject', () => []) }) },
    INVALID,
    'digest',
  ],
  [
    'an attestation that is no statement',
    { bundle: signed({ form: 'attestation', statement: (one) => edit(one, '_type', () => 'note') }) },
    UNREADABLE,
    'format',
  ],
  // Who signed.
  ['another issuer', { bundle: signed({ who: { ...WHO, issuer: 'https://gitlab.com' } }) }, STRANGER, 'issuer'],
  [
    'a repository that begins alike',
    { bundle: signed({ who: { ...WHO, repository: 'https://github.com/acme/app-evil' } }) },
    STRANGER,
    'repository',
  ],
  ['a branch instead of a tag', { bundle: signed({ who: { ...WHO, ref: 'refs/heads/main' } }) }, STRANGER, 'ref'],
  [
    'another workflow',
    { bundle: signed({ who: { ...WHO, workflow: WHO.workflow.replace('release', 'test') } }) },
    STRANGER,
    'workflow',
  ],
  [
    'a workflow that begins alike',
    { bundle: signed({ who: { ...WHO, workflow: `${WHO.workflow}.evil.yml` } }) },
    STRANGER,
    'workflow',
  ],
  [
    'old and current extensions that disagree',
    {
      bundle: signed({
        extensions: fulcioExtensions(WHO, {
          current: { ...WHO, repository: 'https://github.com/evil/app' },
          deprecated: WHO,
        }),
      }),
    },
    STRANGER,
    'repository',
  ],
  ['no extensions', { bundle: signed({ extensions: fulcioExtensions(WHO, {}) }) }, STRANGER, 'issuer'],
  [
    'an extension twice',
    { bundle: signed({ extensions: [...fulcioExtensions(WHO), ...fulcioExtensions(WHO)] }) },
    UNREADABLE,
    'format',
  ],
  // The form.
  ['an empty file as bundle', { bundle: bytes('') }, UNREADABLE, 'format'],
  ['an HTML page', { bundle: bytes('<!doctype html><title>Sign in</title>') }, UNREADABLE, 'format'],
  ['a list', { bundle: bytes('[]') }, UNREADABLE, 'format'],
  ['an object of something else', { bundle: bytes('{"a":1}') }, UNREADABLE, 'format'],
  [
    'a bundle of the future',
    { bundle: v03('mediaType', () => 'application/vnd.dev.sigstore.bundle.v0.9+json') },
    UNREADABLE,
    'format',
  ],
  ['a cut bundle', { bundle: bytes(text(signed()).slice(0, -9)) }, UNREADABLE, 'format'],
  ['something behind the bundle', { bundle: bytes(`${text(signed())}{}`) }, UNREADABLE, 'format'],
  [
    'bytes that are no text',
    { bundle: Buffer.concat([bytes('{"a":"'), Buffer.from([0xff]), bytes('"}')]) },
    UNREADABLE,
    'format',
  ],
  ['a key twice', { bundle: bytes(text(signed()).replace('{', '{"cert":"x",')) }, UNREADABLE, 'format'],
  [
    'a key twice, deeper',
    { bundle: bytes(text(signed()).replace('"logIndex"', '"logIndex":1,"logIndex"')) },
    UNREADABLE,
    'format',
  ],
  [
    'a key twice in the entry',
    { bundle: legacy(`${PAYLOAD}.body`, () => bytes('{"kind":"a","kind":"b"}').toString('base64')) },
    INVALID,
    'log-body',
  ],
  ['an index as a fraction', { bundle: bytes(text(signed()).replace('4711', '4711.0')) }, UNREADABLE, 'format'],
  ['an index as a power', { bundle: bytes(text(signed()).replace('4711', '4711e0')) }, UNREADABLE, 'format'],
  ['an index above 2^53', { bundle: bytes(text(signed()).replace('4711', '9007199254740993')) }, UNREADABLE, 'format'],
  ['a negative index', { bundle: legacy(`${PAYLOAD}.logIndex`, () => -1) }, UNREADABLE, 'format'],
  ['a negative index, v0.3', { bundle: v03(`${ENTRY}.logIndex`, () => '-1') }, UNREADABLE, 'format'],
  ['an index as text', { bundle: legacy(`${PAYLOAD}.logIndex`, () => '4711') }, UNREADABLE, 'format'],
  ['a time as text', { bundle: legacy(`${PAYLOAD}.integratedTime`, () => 'now') }, UNREADABLE, 'format'],
  ['a log that is no hexadecimal', { bundle: legacy(`${PAYLOAD}.logID`, () => 'rekor') }, UNREADABLE, 'format'],
  ['no signature', { bundle: legacy('base64Signature', none) }, UNREADABLE, 'format'],
  ['no certificate', { bundle: legacy('cert', none) }, UNREADABLE, 'format'],
  ['no log', { bundle: legacy('rekorBundle', none) }, UNREADABLE, 'format'],
  ['no promise', { bundle: legacy('rekorBundle.SignedEntryTimestamp', none) }, UNREADABLE, 'format'],
  ['an empty signature', { bundle: legacy('base64Signature', () => '') }, UNREADABLE, 'format'],
  [
    'a signature with a blank in it',
    { bundle: legacy('base64Signature', (old) => ` ${String(old)}`) },
    UNREADABLE,
    'format',
  ],
  [
    'base64 that is none, v0.3',
    { bundle: v03('messageSignature.signature', (old) => `${String(old)}!`) },
    UNREADABLE,
    'format',
  ],
  [
    'a damaged PEM',
    { bundle: legacy('cert', (old) => Buffer.from(String(old), 'base64').toString().replace('END', 'FIN')) },
    UNREADABLE,
    'format',
  ],
  [
    'two certificates',
    { bundle: legacy('cert', (old) => Buffer.from(String(old), 'base64').toString().repeat(2)) },
    UNREADABLE,
    'format',
  ],
  ['no proof, v0.2', { bundle: edit(signed({ form: 'v0.2' }), `${ENTRY}.inclusionProof`, none) }, UNREADABLE, 'format'],
  [
    'a root that travels along',
    {
      bundle: edit(signed({ form: 'v0.2' }), 'verificationMaterial.x509CertificateChain.certificates', (old) => [
        ...(old as Json[]),
        at(sigstore.root, 'certificateAuthorities.0.certChain.certificates.1'),
      ]),
    },
    UNREADABLE,
    'format',
  ],
];

test.each(rows)('%s', async (_, put, code, check) => {
  await using shop = await openWorkshop();
  const whole: Put = { artifact: ARTIFACT, bundle: signed(), root: sigstore.root, ...put };
  const refusal = await refusedPut(shop, whole);
  expect({ code: refusal.code, check: refusal.facts['check'], exit: exitOf(refusal) }).toEqual({
    code,
    check,
    exit: 6,
  });
  expect(refusal.message).toContain('app.bundle');
  expect(refusal.facts).toMatchObject({ seen: expect.any(String), expected: expect.any(String) });
});

test('a raw PEM is as good as cosign’s base64 of one', async () => {
  await using shop = await openWorkshop();
  const bundle = legacy('cert', (old) => Buffer.from(String(old), 'base64').toString());
  const put = { artifact: ARTIFACT, bundle, root: sigstore.root };
  const wrong = { ...POLICY, ref: 'refs/tags/w*' };
  const refusal = await refusedPut(shop, put, { signer: wrong });
  // The last question, so every one before it was answered with yes.
  expect(refusal.facts['check']).toBe('ref');
});

test('a certificate is good for the whole of its last second', async () => {
  await using shop = await openWorkshop();
  const bundle = signed({ loggedAt: MINUTES.until.getTime() / 1000 });
  const refusal = await refusedPut(
    shop,
    { artifact: ARTIFACT, bundle, root: sigstore.root },
    { signer: { ...POLICY, ref: 'x' } },
  );
  expect(refusal.facts['check']).toBe('ref');
});
