import type { RefitError } from '../../../../src/errors.ts';
import type { Json } from '../../../../src/release/trust/strict-json.ts';
import type { ProvenFile, TrustRequest } from '../../../../src/release/trust/trust.ts';
import { verifyFile } from '../../../../src/release/trust/verify-file.ts';
import { refusalOf, type Workshop } from '../../workshop.ts';
import { POLICY } from './sigstore.ts';

export interface Put {
  readonly artifact: Buffer;
  /** JSON, or the bytes of the file. */
  readonly bundle: Json | Buffer;
  readonly root: Json | Buffer;
}

/** Verifies an artifact by a bundle and a private root, all written to files first. */
export async function verifyPut(
  shop: Workshop,
  { artifact, bundle, root }: Put,
  wish: Partial<TrustRequest> = {},
): Promise<ProvenFile> {
  const path = await shop.put('app.tar.gz', artifact);
  const signature = await shop.put('app.bundle', textOf(bundle));
  const trustedRoot = await shop.put('root.json', textOf(root));
  const request = { signer: POLICY, trustedRoot, signatures: [signature], ...wish };
  return await verifyFile(shop.host.files, { kind: 'file', path }, request);
}

export async function refusedPut(shop: Workshop, put: Put, wish: Partial<TrustRequest> = {}): Promise<RefitError> {
  return await refusalOf(() => verifyPut(shop, put, wish));
}

const textOf = (data: Json | Buffer): string | Buffer => (Buffer.isBuffer(data) ? data : JSON.stringify(data));
