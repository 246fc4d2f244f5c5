import type { Json } from '../../../src/release/trust/strict-json.ts';

export const HOSTS = ['github.com', 'release-assets.githubusercontent.com'];

const row = (arch: string, variant: string): Json => ({
  arch,
  sha256: 'AB'.repeat(32),
  url: `https://github.com/acme/app/releases/download/v0.109.0/app-${arch}-${variant}.tar.gz`,
  variant,
});

/** As the product's pipeline writes it. */
export const MANIFEST: Json = {
  artefacts: [row('aarch64-linux', 'full'), row('x86_64-linux', 'full')],
  channel: 'stable',
  device_type: 'edge',
  released_at: '2026-09-07T04:11:32Z',
  sequence: 74,
  version: '0.109.0',
};

export const bytesOf = (json: Json): Buffer => Buffer.from(`${JSON.stringify(json)}\n`);
