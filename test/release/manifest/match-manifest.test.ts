import { expect, test } from 'vitest';
import type { ManifestRequest } from '../../../src/release/manifest/manifest.ts';
import { isVersion, requireMatch } from '../../../src/release/manifest/match-manifest.ts';
import { parseManifest } from '../../../src/release/manifest/parse-manifest.ts';
import { bytesOf, HOSTS, MANIFEST } from './made.ts';

const manifest = parseManifest(bytesOf(MANIFEST), { file: 'manifest.json', hosts: HOSTS });
const request: ManifestRequest = {
  file: 'manifest.json',
  version: '0.109.0',
  channel: 'stable',
  deviceType: 'edge',
  arch: 'x86_64-linux',
  variant: 'full',
  hosts: HOSTS,
};

test.each([['0.109.0'], ['v0.109.0'], [undefined]])('the row that was asked for, of %s', (version) => {
  expect(requireMatch(manifest, { ...request, version }).url).toContain('app-x86_64-linux-full.tar.gz');
});

test.each<[Partial<ManifestRequest>, string]>([
  [{ version: '0.109.1' }, 'the version "0.109.0", expected "0.109.1"'],
  [{ version: '0.109.0+b2' }, 'expected "0.109.0+b2"'],
  [{ version: 'V0.109.0' }, 'expected "V0.109.0"'],
  [{ channel: 'nightly' }, 'the channel "stable", expected "nightly"'],
  [{ channel: 'Stable' }, 'the channel "stable"'],
  [{ deviceType: 'relay' }, 'the device type "edge", expected "relay"'],
  [{ arch: 'riscv64-linux' }, 'expected one for riscv64-linux full'],
  [{ variant: 'rockchip' }, 'expected one for x86_64-linux rockchip'],
])('%j does not match', (other, saw) => {
  expect(() => requireMatch(manifest, { ...request, ...other })).toThrow(
    expect.objectContaining({ code: 'E_MANIFEST_INVALID', message: expect.stringContaining(saw) }),
  );
});

test('a tag is a version, with or without its v', () => {
  expect(['0.109.0', 'v0.109.0', 'vv0.109.0', '0.109'].map((tag) => isVersion(manifest, tag))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
