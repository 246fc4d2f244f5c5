import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bits, integer, octets, oid, sequence, set, time, tlv, utf8, yes } from './der.ts';

/** Who a certificate is for, as Fulcio writes it. */
export interface Who {
  readonly issuer: string;
  readonly repository: string;
  readonly ref: string;
  readonly workflow: string;
}

export interface Validity {
  readonly from: Date;
  readonly until: Date;
}

/** One authority with its key: a root, and below it what issues. */
export interface Authority {
  /** DER, the issuing certificate first. */
  readonly chain: readonly Buffer[];
  issue(key: KeyObject, extensions: readonly Buffer[], validity: Validity): Buffer;
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const FULCIO = '1.3.6.1.4.1.57264.1';

export const ecKey = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

export const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

export const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

const name = (common: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), utf8(common))));
const keyId = (key: KeyObject): Buffer => createHash('sha1').update(spki(key)).digest();
const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value));

/** What a certificate's extensions say: `current` as DER text, `deprecated` as raw text. */
export interface Said {
  readonly current?: Who;
  readonly deprecated?: Who;
}

/** The extensions of a workflow's certificate; by default, as today's, both kinds and alike. */
export function fulcioExtensions(
  who: Who,
  { current, deprecated }: Said = { current: who, deprecated: who },
): readonly Buffer[] {
  const old = deprecated && [
    extension(`${FULCIO}.1`, Buffer.from(deprecated.issuer)),
    extension(`${FULCIO}.5`, Buffer.from(deprecated.repository.replace('https://github.com/', ''))),
    extension(`${FULCIO}.6`, Buffer.from(deprecated.ref)),
  ];
  const today = current && [
    extension(`${FULCIO}.8`, utf8(current.issuer)),
    extension(`${FULCIO}.12`, utf8(current.repository)),
    extension(`${FULCIO}.14`, utf8(current.ref)),
  ];
  const name = extension('2.5.29.17', sequence(tlv(0x86, Buffer.from(`${who.workflow}@${who.ref}`))), true);
  return [name, ...(old ?? []), ...(today ?? [])];
}

let serial = 1;

function certificate(
  issuer: { readonly name: Buffer; readonly key: KeyObject; readonly publicKey: KeyObject },
  subject: { readonly name: Buffer; readonly key: KeyObject },
  extensions: readonly Buffer[],
  { from, until }: Validity,
): Buffer {
  serial += 1;
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from([0x10, serial >> 8, serial & 0xff])),
    ECDSA_SHA256,
    issuer.name,
    sequence(time(from), time(until)),
    subject.name,
    spki(subject.key),
    tlv(0xa3, sequence(...extensions, extension('2.5.29.35', sequence(tlv(0x80, keyId(issuer.publicKey)))))),
  );
  return sequence(body, ECDSA_SHA256, bits(sign('sha256', body, issuer.key)));
}

/** A certificate authority of two levels, as Fulcio's. */
export function certificateAuthority(label: string, validity: Validity): Authority {
  const authority = (key: KeyObject): readonly Buffer[] => [
    extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true),
    extension('2.5.29.19', sequence(yes), true),
    extension('2.5.29.14', octets(keyId(key))),
  ];
  const root = ecKey();
  const middle = ecKey();
  const rootName = name(`${label} root`);
  const middleName = name(`${label} intermediate`);
  const byRoot = { name: rootName, key: root.privateKey, publicKey: root.publicKey };
  const byMiddle = { name: middleName, key: middle.privateKey, publicKey: middle.publicKey };
  return {
    chain: [
      certificate(byRoot, { name: middleName, key: middle.publicKey }, authority(middle.publicKey), validity),
      certificate(byRoot, { name: rootName, key: root.publicKey }, authority(root.publicKey), validity),
    ],
    issue: (key, extensions, leaf) => {
      const signing = [
        extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
        extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.3'))),
      ];
      return certificate(byMiddle, { name: sequence(), key }, [...signing, ...extensions], leaf);
    },
  };
}
