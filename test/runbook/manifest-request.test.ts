import { expect, test } from 'vitest';
import { manifestRequestOf } from '../../src/runbook/manifest-request.ts';
import { builtin } from './facts.ts';

test('what a manifest must say for one machine; nothing where releases have none, or none for it', async () => {
  const profile = await builtin('sample');
  const asked = { arch: 'amd64', version: 'v0.2.13', channel: 'stable' } as const;
  expect(manifestRequestOf(profile, asked)).toBeUndefined();
  const manifest = {
    file: 'manifest.json',
    device_type: 'edge',
    variant: 'full',
    arches: { amd64: 'x86_64-linux' },
    hosts: ['github.com'],
    redirects: [],
  };
  const described = { release: { ...profile.release, manifest } };
  expect(manifestRequestOf(described, asked)).toEqual({
    file: 'manifest.json',
    version: 'v0.2.13',
    channel: 'stable',
    deviceType: 'edge',
    arch: 'x86_64-linux',
    variant: 'full',
    hosts: ['github.com'],
  });
  expect(manifestRequestOf(described, { ...asked, arch: 'arm64' })).toBeUndefined();
});
