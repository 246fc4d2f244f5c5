import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Json } from '../../../../src/release/trust/strict-json.ts';
import type { Loopback } from '../../../support/loopback.ts';

export interface TufKey {
  readonly id: string;
  readonly json: Json;
  sign(data: Buffer): string;
}

type Role = 'root' | 'timestamp' | 'snapshot' | 'targets';
const ROLES: readonly Role[] = ['root', 'timestamp', 'snapshot', 'targets'];

/** What a publication says; what is left out is as an honest repository has it. */
export interface Publication {
  readonly versions?: Partial<Record<Role, number>>;
  readonly expires?: Partial<Record<Role, string>>;
  /** Who signs a role's file; by default who may. */
  readonly signers?: Partial<Record<Role, readonly TufKey[]>>;
  readonly target?: Buffer;
  /** Served in the place of the target that the metadata names. */
  readonly served?: Buffer;
}

/** A TUF repository of one's own, served over HTTP: real keys, real signatures, consistent snapshots. */
export interface TufRepository {
  /** The first root, which a client has from elsewhere. */
  readonly root: string;
  readonly keys: Readonly<Record<Role, readonly TufKey[]>>;
  publish(publication?: Publication): void;
  /** Another root, signed by whom it says, for other keys of a role. */
  publishRoot(version: number, keys: Partial<TufRepository['keys']>, signers?: readonly TufKey[]): void;
}

export function tufKey(kind: 'ed25519' | 'ecdsa' = 'ed25519'): TufKey {
  const { publicKey, privateKey } = kind === 'ed25519' ? generateKeyPairSync('ed25519') : ecdsa();
  const json =
    kind === 'ed25519'
      ? { keytype: kind, scheme: kind, keyval: { public: rawKey(publicKey) } }
      : { keytype: kind, scheme: 'ecdsa-sha2-nistp256', keyval: { public: pemOf(publicKey) } };
  return {
    id: createHash('sha256').update(canonical(json)).digest('hex'),
    json,
    sign: (data) => sign(kind === 'ed25519' ? null : 'sha256', data, privateKey).toString('hex'),
  };
}

const ecdsa = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pemOf = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' }));
const rawKey = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');

/** As OLPC's canonical JSON has it, of what is used here: keys in order, no blanks. */
function canonical(json: Json): string {
  if (Array.isArray(json)) return `[${json.map(canonical).join(',')}]`;
  if (typeof json === 'string') return `"${json.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const fields = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, value]) => `${canonical(key)}:${canonical(value)}`).join(',')}}`;
}

const LATER = '2040-01-01T00:00:00Z';
const THRESHOLD: Readonly<Record<Role, number>> = { root: 2, timestamp: 1, snapshot: 1, targets: 1 };

export function tufRepository(loopback: Loopback, target: Buffer): TufRepository {
  const keys: Record<Role, readonly TufKey[]> = {
    root: [tufKey(), tufKey('ecdsa'), tufKey()],
    timestamp: [tufKey()],
    snapshot: [tufKey('ecdsa')],
    targets: [tufKey()],
  };
  const put = (name: string, body: string | Buffer) => loopback.on(`/${name}`, { body });
  const rootText = (version: number, signers: readonly TufKey[], expires = LATER): string =>
    signedText({ ...common('root', version, expires), consistent_snapshot: true, ...keysAndRoles(keys) }, signers);
  const root = rootText(1, keys.root);
  return {
    root,
    keys,
    publish(publication = {}) {
      const { versions = {}, expires = {}, signers = {}, served } = publication;
      const data = publication.target ?? target;
      const by = (role: Role) => signers[role] ?? keys[role];
      const meta = (role: Role) => common(role, versions[role] ?? 1, expires[role] ?? LATER);
      const sha256 = createHash('sha256').update(data).digest('hex');
      const file = { length: data.length, hashes: { sha256 } };
      const targets = signedText({ ...meta('targets'), targets: { 'trusted_root.json': file } }, by('targets'));
      const listed = { 'targets.json': { version: versions.targets ?? 1 } };
      const snapshot = signedText({ ...meta('snapshot'), meta: listed }, by('snapshot'));
      const timestamp = signedText(
        { ...meta('timestamp'), meta: { 'snapshot.json': { version: versions.snapshot ?? 1 } } },
        by('timestamp'),
      );
      put(`targets/${sha256}.trusted_root.json`, served ?? data);
      put(`${versions.targets ?? 1}.targets.json`, targets);
      put(`${versions.snapshot ?? 1}.snapshot.json`, snapshot);
      put('timestamp.json', timestamp);
      if (expires.root !== undefined) put('2.root.json', rootText(2, keys.root, expires.root));
    },
    publishRoot(version, other, signers = [...keys.root, ...(other.root ?? [])]) {
      Object.assign(keys, other);
      put(`${version}.root.json`, rootText(version, signers));
    },
  };
}

function common(role: Role, version: number, expires: string) {
  return { _type: role, spec_version: '1.0.31', version, expires };
}

function keysAndRoles(keys: TufRepository['keys']) {
  const all = ROLES.flatMap((role) => keys[role]);
  return {
    keys: Object.fromEntries(all.map(({ id, json }) => [id, json])),
    roles: Object.fromEntries(
      ROLES.map((role) => [role, { keyids: keys[role].map(({ id }) => id), threshold: THRESHOLD[role] }]),
    ),
  };
}

function signedText(signed: Json, signers: readonly TufKey[]): string {
  const data = Buffer.from(canonical(signed));
  const signatures = signers.map((key) => ({ keyid: key.id, sig: key.sign(data) }));
  return JSON.stringify({ signatures, signed });
}
