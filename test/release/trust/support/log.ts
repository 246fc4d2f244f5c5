import { createHash, type KeyObject, sign } from 'node:crypto';
import { ecKey, spki } from './authority.ts';

/** A transparency log, as Rekor: promises to take an entry in, and proves that it holds it. */
export interface Log {
  readonly publicKey: KeyObject;
  readonly id: Buffer;
  readonly baseUrl: string;
  promise(body: Buffer, integratedTime: number, logIndex: number): Buffer;
  prove(body: Buffer): Proof;
}

export interface Proof {
  readonly logIndex: string;
  readonly treeSize: string;
  readonly rootHash: string;
  readonly hashes: readonly string[];
  readonly checkpoint: { readonly envelope: string };
}

const sha256 = (...parts: readonly Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

export function transparencyLog(host: string): Log {
  const { publicKey, privateKey } = ecKey();
  const id = sha256(spki(publicKey));
  return {
    publicKey,
    id,
    baseUrl: `https://${host}`,
    promise(body, integratedTime, logIndex) {
      // The canonical payload, in this order and without blanks: it is what is signed.
      const payload = { body: body.toString('base64'), integratedTime, logID: id.toString('hex'), logIndex };
      return sign('sha256', Buffer.from(JSON.stringify(payload)), privateKey);
    },
    prove(body) {
      // A tree of two: this entry, and one beside it. RFC 6962, section 2.1.
      const other = sha256(Buffer.from([0]), Buffer.from('another entry'));
      const root = sha256(Buffer.from([1]), sha256(Buffer.from([0]), body), other);
      const note = `${host} - 1\n2\n${root.toString('base64')}\n`;
      const signature = Buffer.concat([id.subarray(0, 4), sign('sha256', Buffer.from(note), privateKey)]);
      return {
        logIndex: '0',
        treeSize: '2',
        rootHash: root.toString('base64'),
        hashes: [other.toString('base64')],
        checkpoint: { envelope: `${note}\n\u2014 ${host} ${signature.toString('base64')}\n` },
      };
    },
  };
}
