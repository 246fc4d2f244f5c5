import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../host/scratch.ts';
import { privateSigstore } from '../release/trust/support/sigstore.ts';
import { tufRepository } from '../release/trust/support/tuf-repository.ts';
import { startLoopback } from '../support/loopback.ts';
import { expectError } from './support/outcome.ts';
import { REFIT, run } from './support/scene.ts';

test('as anybody, into a file: refreshed, shown, and kept where what comes later is older or nothing', async () => {
  await using loopback = await startLoopback();
  const folder = scratch();
  const root = (label: string) => Buffer.from(JSON.stringify(privateSigstore(label).root));
  const repository = tufRepository(loopback, root('first'));
  fs.writeFileSync(path.join(folder, 'tuf.json'), repository.root);
  const env = {
    PATH: process.env['PATH'] ?? '',
    REFIT_CONFIG: `${folder}/refit.yaml`,
    STATE_DIRECTORY: `${folder}/state`,
  };
  const refit = (...words: string[]) => run([process.execPath, REFIT, 'trust', ...words], { env, cwd: folder });
  const refresh = (...words: string[]) =>
    refit('refresh', '--mirror', loopback.url, '--tuf-root', 'tuf.json', '--out', 'root.json', ...words);
  const held = () =>
    ['root.json', 'root.json.tuf.json'].map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));

  repository.publish({ versions: { timestamp: 5, snapshot: 5, targets: 5 } });
  const first = await refresh();
  expect(first).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^a newer trusted root[^\n]*\n {2}SHA-256/) });
  expect((await refit('show', '--trusted-root', 'root.json')).stdout).toMatch(
    /root\.json\n {2}SHA-256 {3}[0-9a-f]{64}\n {2}certificate authority {2}https:\/\/fulcio\.acme\.example {2}2020-01-01 to 2040/,
  );
  const before = held();
  repository.publish({ versions: { timestamp: 4, snapshot: 4, targets: 4 }, target: root('older') });
  const refused = { exit: 6, code: 'E_TRUST_REFUSED', next: 'what was trusted before stays so' };
  expectError(await refresh(), { ...refused, saw: /New timestamp version 4 is less than current version 5/ });
  loopback.on('/timestamp.json', { body: Buffer.alloc(1 << 20, ' '), chunked: true });
  expectError(await refresh(), { ...refused, saw: /of more than 16384 bytes, expected less/ });
  expect(held()).toEqual(before);

  expectError(await refit('refresh', '--mirror', loopback.url), { ...refused, saw: loopback.url });
  expect(fs.existsSync(path.join(folder, 'state'))).toBe(false);
  expect((await refit('show')).stdout).toMatch(/^the root pinned in this refit\n {2}SHA-256 {3}6494e21e/);
});
