import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A key pair as minisign makes it. */
export interface MinisignPair {
  /** The line that begins with RW. */
  readonly line: string;
  readonly file: string;
  sign(artifact: Buffer, options?: { readonly format?: 'Ed' | 'ED'; readonly comment?: string }): string;
}

export function minisignPair(): MinisignPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const id = randomBytes(8);
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const line = Buffer.concat([Buffer.from('Ed'), id, raw]).toString('base64');
  return {
    line,
    file: `untrusted comment: minisign public key\n${line}\n`,
    sign: (artifact, { format = 'ED', comment = 'timestamp:1 file:app.tar.gz' } = {}) =>
      signed(privateKey, id, artifact, format, comment),
  };
}

function signed(key: KeyObject, id: Buffer, artifact: Buffer, format: 'Ed' | 'ED', comment: string): string {
  const message = format === 'Ed' ? artifact : createHash('blake2b512').update(artifact).digest();
  const signature = sign(null, message, key);
  const global = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key);
  const line = Buffer.concat([Buffer.from(format), id, signature]).toString('base64');
  return `untrusted comment: signature\n${line}\ntrusted comment: ${comment}\n${global.toString('base64')}\n`;
}
