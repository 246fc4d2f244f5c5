import type { Json } from '../../../../src/release/trust/strict-json.ts';
import { edit, flipped } from '../../../release/trust/support/edit.ts';
import { minisignPair } from '../../../release/trust/support/minisign.ts';
import { LOGGED_AT, privateSigstore, type SignOptions, WHO } from '../../../release/trust/support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const OTHER = Buffer.from('what somebody else would like');
const sigstore = privateSigstore();
const stranger = privateSigstore('stranger');
const minisign = minisignPair();

/** Files to verify, and the flags beside `--trusted-root root.json`. */
export interface SignatureCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly words: readonly string[];
  readonly code: string;
  readonly says: readonly (string | RegExp)[];
}

interface Given {
  readonly artifact?: Buffer;
  readonly bundle?: Json | Buffer | null;
  readonly root?: Json | Buffer;
  readonly words?: readonly string[];
}

const BY_WORKFLOW = ['--repository', 'acme/app', '--workflow', 'release.yml', '--ref', 'refs/tags/v*'];
const textOf = (data: Json | Buffer): string | Buffer => (Buffer.isBuffer(data) ? data : JSON.stringify(data));

function sigstoreCase(name: string, code: string, check: string, given: Given): SignatureCase {
  const { artifact = ARTIFACT, bundle = signed(), root = sigstore.root, words = BY_WORKFLOW } = given;
  const files = {
    'app.tar.gz': artifact,
    'root.json': textOf(root),
    ...(bundle === null ? {} : { 'app.tar.gz.sigstore.json': textOf(bundle) }),
  };
  const byCheck = check === '' ? [] : [`check ${check}: `];
  const named = code === 'E_TRUST_UNREADABLE' ? 'root.json' : /app\.tar\.gz/;
  return { name, files, words: [...words, '--trusted-root', 'root.json'], code, says: [named, /expected/, ...byCheck] };
}

function minisignCase(name: string, check: string, text: string, artifact = ARTIFACT): SignatureCase {
  return {
    name,
    files: { 'app.tar.gz': artifact, 'app.tar.gz.minisig': text },
    words: ['--minisign-key', minisign.line],
    code: check === 'key' ? 'E_SIGNER_MISMATCH' : 'E_SIGNATURE_INVALID',
    says: ['app.tar.gz', /expected/, `check ${check}: `],
  };
}

const signed = (options: SignOptions = {}): Json => sigstore.sign(ARTIFACT, { form: 'v0.3', ...options });
const changed = (path: string, change: (old: Json) => Json | undefined): Json => edit(signed(), path, change);
const byWho = (who: Partial<typeof WHO>): Given => ({ bundle: signed({ who: { ...WHO, ...who } }) });
const flip = (old: Json): Json => flipped(old, -1);
const flipByte = (data: Buffer, at: number): Buffer => {
  const copy = Buffer.from(data);
  const index = at < 0 ? copy.length + at : at;
  copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
  return copy;
};

const ENTRY = 'verificationMaterial.tlogEntries.0';
const INVALID = 'E_SIGNATURE_INVALID';
const UNREADABLE = 'E_SIGNATURE_UNREADABLE';
const STRANGER = 'E_SIGNER_MISMATCH';
const text = JSON.stringify(signed());
const minisig = minisign.sign(ARTIFACT);

export const SIGNATURES: readonly SignatureCase[] = [
  sigstoreCase('the first byte of the file', INVALID, 'digest', { artifact: flipByte(ARTIFACT, 0) }),
  sigstoreCase('the last byte of the file', INVALID, 'digest', { artifact: flipByte(ARTIFACT, -1) }),
  sigstoreCase('a file cut short', INVALID, 'digest', { artifact: ARTIFACT.subarray(0, -1) }),
  sigstoreCase('a byte more', INVALID, 'digest', { artifact: Buffer.concat([ARTIFACT, Buffer.from('\n')]) }),
  sigstoreCase('an empty file', INVALID, 'digest', { artifact: Buffer.alloc(0) }),
  sigstoreCase('a byte of the file, legacy bundle', INVALID, 'log-body', {
    artifact: OTHER,
    bundle: signed({ form: 'legacy' }),
  }),
  sigstoreCase('a bit of the signature', INVALID, 'signature', { bundle: changed('messageSignature.signature', flip) }),
  sigstoreCase('a bit of the certificate', INVALID, 'chain', {
    bundle: changed('verificationMaterial.certificate.rawBytes', flip),
  }),
  sigstoreCase("a bit of the log's promise", INVALID, 'set', {
    bundle: changed(`${ENTRY}.inclusionPromise.signedEntryTimestamp`, flip),
  }),
  sigstoreCase("a bit of the log's proof", INVALID, 'inclusion', {
    bundle: changed(`${ENTRY}.inclusionProof.hashes.0`, flip),
  }),
  sigstoreCase('another entry', INVALID, 'log-body', {
    bundle: changed(`${ENTRY}.canonicalizedBody`, () => Buffer.from('{}').toString('base64')),
  }),
  sigstoreCase('another time in the log', INVALID, 'set', {
    bundle: changed(`${ENTRY}.integratedTime`, () => String(LOGGED_AT + 1)),
  }),
  sigstoreCase('a digest claimed wrongly', INVALID, 'digest', {
    bundle: changed('messageSignature.messageDigest.digest', flip),
  }),
  sigstoreCase('the bundle of another file', INVALID, 'digest', { bundle: sigstore.sign(OTHER, { form: 'v0.3' }) }),
  sigstoreCase('the legacy bundle of another file', INVALID, 'log-body', { bundle: sigstore.sign(OTHER) }),
  sigstoreCase('the attestation of another file', INVALID, 'digest', {
    bundle: sigstore.sign(OTHER, { form: 'attestation' }),
  }),
  sigstoreCase('a bundle cut short', UNREADABLE, '', { bundle: Buffer.from(text.slice(0, -9)) }),
  sigstoreCase('a page in place of the bundle', UNREADABLE, '', { bundle: Buffer.from('<!doctype html>') }),
  sigstoreCase('an empty bundle', UNREADABLE, '', { bundle: Buffer.alloc(0) }),
  sigstoreCase('a key twice', UNREADABLE, '', { bundle: Buffer.from(text.replace('{', '{"mediaType":"x",')) }),
  sigstoreCase('a form that is not known', UNREADABLE, '', { bundle: changed('mediaType', () => 'application/x') }),
  sigstoreCase('no bundle', 'E_SIGNATURE_MISSING', '', { bundle: null }),
  sigstoreCase('expired when it was logged', INVALID, 'integrated-time', {
    bundle: signed({ loggedAt: LOGGED_AT + 3600 }),
  }),
  sigstoreCase('not valid yet when it was logged', INVALID, 'integrated-time', {
    bundle: signed({ loggedAt: LOGGED_AT - 3600 }),
  }),
  sigstoreCase('logged in the far future', INVALID, 'integrated-time', { bundle: signed({ loggedAt: 4_000_000_000 }) }),
  sigstoreCase('another authority', INVALID, 'chain', { bundle: stranger.sign(ARTIFACT, { form: 'v0.3' }) }),
  sigstoreCase('the wrong root', INVALID, 'chain', { root: stranger.root }),
  sigstoreCase('a root that is none', 'E_TRUST_UNREADABLE', '', { root: Buffer.from('{}') }),
  sigstoreCase('another issuer', STRANGER, 'issuer', byWho({ issuer: 'https://gitlab.com' })),
  sigstoreCase(
    'a repository that begins alike',
    STRANGER,
    'repository',
    byWho({ repository: `${WHO.repository}-evil` }),
  ),
  sigstoreCase('a branch instead of a tag', STRANGER, 'ref', byWho({ ref: 'refs/heads/v1' })),
  sigstoreCase('another workflow', STRANGER, 'workflow', byWho({ workflow: WHO.workflow.replace('release', 'test') })),
  sigstoreCase('a workflow that begins alike', STRANGER, 'workflow', byWho({ workflow: `${WHO.workflow}.evil.yml` })),
  sigstoreCase('an identity cut short', STRANGER, 'identity', {
    words: ['--identity', WHO.workflow, '--issuer', WHO.issuer],
  }),
  minisignCase('a byte of the file, minisign', 'signature', minisig, OTHER),
  minisignCase('another minisign key', 'key', minisignPair().sign(ARTIFACT)),
  minisignCase('another trusted comment', 'trusted-comment', minisig.replace('timestamp:1', 'timestamp:2')),
];
