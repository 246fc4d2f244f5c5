import { expect, test } from 'vitest';
import { requireArtefactUrl } from '../../../src/release/manifest/artefact-url.ts';
import { refusalOf as refuse } from '../../../src/release/manifest/refusal.ts';
import { HOSTS } from './made.ts';

const check = (url: string) => requireArtefactUrl(url, HOSTS, refuse('manifest.json'));

test.each([
  'https://github.com/acme/app/releases/download/v1.2.3/app.tar.gz',
  'https://release-assets.githubusercontent.com/x/app-1.2.3+b1_amd64.tar.gz',
])('%s', (url) => {
  expect(() => check(url)).not.toThrow();
});

test.each([
  'http://github.com/x/a.tar.gz',
  'ftp://github.com/x/a.tar.gz',
  'file:///etc/shadow',
  'https://evil.example/x/a.tar.gz',
  'https://github.com.evil.example/x/a.tar.gz',
  'https://evilgithub.com/x/a.tar.gz',
  'https://github.com./x/a.tar.gz',
  'https://raw.githubusercontent.com/x/a.tar.gz',
  'https://github.com@evil.example/x/a.tar.gz',
  'https://user:pw@github.com/x/a.tar.gz',
  'https://github.com:8443/x/a.tar.gz',
  'https://github.com\\@evil.example/x/a.tar.gz',
  'https:github.com/x/a.tar.gz',
  'https://GITHUB.COM/x/a.tar.gz',
  'https://github.com/x/',
  'https://github.com/x/..',
  'https://github.com/x/%2e%2e',
  'https://github.com/x/..%2f..%2fetc',
  'https://github.com/x/.hidden',
  'https://github.com/x/a.tar.gz?y=/../b',
  'https://github.com/x/a.tar.gz#b',
  'https://github.com/x/a b.tar.gz',
  'https://github.com/x/a\n.tar.gz',
  'https://github.com/x/a\u0000.tar.gz',
  `https://github.com/${'x'.repeat(2048)}`,
  '',
])('not %j', (url) => {
  expect(() => check(url)).toThrow(expect.objectContaining({ code: 'E_MANIFEST_INVALID' }));
});
