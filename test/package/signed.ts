import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { privateSigstore, WHO } from '../release/trust/support/sigstore.ts';

/** What `refit verify` is to be called with for a file that a private instance signed, by two roots. */
interface Signed {
  /** By the root that is inside: it is there, and believes nobody private. */
  readonly byPinned: readonly string[];
  readonly byOwn: readonly string[];
}

/** A signed file and its root in a folder. */
function signedFile(folder: string): Signed {
  const artifact = Buffer.from('what was released');
  const sigstore = privateSigstore();
  const put = (name: string, data: Buffer | string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, data);
    return file;
  };
  const file = put('app', artifact);
  put('app.sigstore.json', JSON.stringify(sigstore.sign(artifact, { form: 'v0.3' })));
  const root = put('root.json', JSON.stringify(sigstore.root));
  const signer = ['--identity', `${WHO.workflow}@${WHO.ref}`, '--issuer', WHO.issuer, '-o', 'json'];
  const byPinned = ['verify', file, ...signer];
  return { byPinned, byOwn: [...byPinned, '--trusted-root', root] };
}

/** A built refit judges a signature by the root inside of it, and by one that it is given. */
export function expectVerifies(
  refit: (...argv: string[]) => { readonly stdout: string; readonly status: number | null },
  folder: string,
): void {
  const { byPinned, byOwn } = signedFile(folder);
  const pinned = refit(...byPinned);
  expect({ ...JSON.parse(pinned.stdout).error, status: pinned.status }).toMatchObject({
    code: 'E_SIGNATURE_INVALID',
    facts: { check: 'chain' },
    status: EXIT.untrusted,
  });
  const own = refit(...byOwn);
  expect({ files: JSON.parse(own.stdout).files, status: own.status }).toMatchObject({
    files: [{ proofs: [{ method: 'sigstore', logIndex: '4711' }] }],
    status: EXIT.ok,
  });
}
