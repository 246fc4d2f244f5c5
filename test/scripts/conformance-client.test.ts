import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../host/scratch.ts';
import { ecKey } from '../release/trust/support/authority.ts';
import { privateSigstore, WHO } from '../release/trust/support/sigstore.ts';

const CLIENT = resolve(import.meta.dirname, '../../scripts/conformance-client');
const ARTIFACT = Buffer.from('what was released');
const SHA256 = createHash('sha256').update(ARTIFACT).digest('hex');
const SIGNER = ['--certificate-identity', `${WHO.workflow}@${WHO.ref}`, '--certificate-oidc-issuer', WHO.issuer];
const ROOT = ['--trusted-root', 'root.json'];

const sigstore = privateSigstore();
const key = ecKey();

/** What the suite runs, in a folder with its files; the exit status. */
function run(...argv: readonly string[]): number | null {
  const folder = scratch();
  const put = (name: string, data: string | Buffer) => writeFileSync(join(folder, name), data);
  put('a.txt', ARTIFACT);
  put('b.txt', 'another');
  put('a.json', JSON.stringify(sigstore.sign(ARTIFACT, { form: 'v0.3' })));
  put('key.json', JSON.stringify(sigstore.sign(ARTIFACT, { form: 'v0.3', bare: key })));
  put('key.pub', String(key.publicKey.export({ type: 'spki', format: 'pem' })));
  put('root.json', JSON.stringify(sigstore.root));
  return spawnSync(CLIENT, argv, { cwd: folder, stdio: 'ignore' }).status;
}

test.each<[string, readonly string[], number]>([
  ['a file', ['--bundle', 'a.json', ...SIGNER, ...ROOT, 'a.txt'], 0],
  ['its digest', ['--bundle', 'a.json', ...SIGNER, ...ROOT, `sha256:${SHA256}`], 0],
  ['by a key', ['--bundle', 'key.json', '--key', 'key.pub', ...ROOT, 'a.txt'], 0],
  ['another file', ['--bundle', 'a.json', ...SIGNER, ...ROOT, 'b.txt'], 6],
  ['another root', ['--bundle', 'a.json', ...SIGNER, 'a.txt'], 6],
])('verify-bundle: %s', (_, argv, status) => {
  expect(run('verify-bundle', ...argv)).toBe(status);
});

test.each([[['sign-bundle']], [['verify-bundle', '--staging']], [[]]])('%j is not for it', (argv) => {
  expect(run(...argv)).toBe(2);
});
