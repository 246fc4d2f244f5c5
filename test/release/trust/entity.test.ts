import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { entityOf } from '../../../src/release/trust/entity.ts';
import { parseSignature } from '../../../src/release/trust/parse-signature.ts';
import type { Case } from '../../../src/release/trust/refusals.ts';
import { ecKey } from './support/authority.ts';
import { privateSigstore } from './support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const about: Case = { artifact: { kind: 'file', path: '/app.tar.gz' }, signature: '/app.bundle' };
const ours = ecKey();
const json = privateSigstore().sign(ARTIFACT, { form: 'v0.3', bare: ours });
const { bundle } = parseSignature(Buffer.from(JSON.stringify(json)), about);
const digest = createHash('sha256').update(ARTIFACT).digest();
const examined = { sha256: digest.toString('hex'), size: ARTIFACT.length, digest };
const by = ({ publicKey: key }: typeof ours, signed: boolean): boolean =>
  entityOf(
    bundle,
    { certificate: undefined, key: ours.publicKey },
    { ...examined, signed },
    about,
  ).signature.verifySignature(key);

test.each([
  ['the key that the file was read by', ours, true, true],
  ['that key, when it does not fit', ours, false, false],
  ['any other key', ecKey(), true, false],
])('a chain proven for %s', (_, proven, fits, holds) => {
  expect(by(proven, fits)).toBe(holds);
});
