import { expect, test } from 'vitest';
import { requireFamily, requireSecure } from '../../src/host/redirect.ts';

const FAMILY = ['github.com', '*.githubusercontent.com'];
const GITHUB = 'https://github.com/a';
const LOOP = 'http://127.0.0.1:80/a';
const check = (from: string, to: string) => requireFamily(new URL(from), new URL(to), FAMILY);

test.each([
  [GITHUB, 'https://github.com/b'],
  [GITHUB, 'https://release-assets.githubusercontent.com/b'],
  [GITHUB, 'https://a.b.githubusercontent.com/b'],
  ['https://mirror.example/a', 'https://mirror.example/b'],
  [LOOP, 'http://127.0.0.1:81/b'],
  [LOOP, 'http://localhost/b'],
  [LOOP, 'https://github.com/b'],
])('from %s to %s', (from, to) => {
  expect(() => check(from, to)).not.toThrow();
});

test.each([
  [GITHUB, 'http://github.com/b'],
  [LOOP, 'http://github.com/b'],
  [LOOP, 'http://10.0.0.1/b'],
  [LOOP, 'http://127.0.0.1.evil.example/b'],
  [GITHUB, 'https://evil.example/b'],
  [GITHUB, 'https://githubusercontent.com/b'],
  [GITHUB, 'https://evilgithubusercontent.com/b'],
  [GITHUB, 'https://github.com.evil.example/b'],
  [GITHUB, 'https://127.0.0.1/b'],
])('not from %s to %s', (from, to) => {
  expect(() => check(from, to)).toThrow(expect.objectContaining({ code: 'E_SOURCE_INVALID' }));
});

test('in the clear only to this machine', () => {
  for (const url of ['https://a.example/', 'http://127.0.0.1/', 'http://[::1]:8/', 'http://localhost/']) {
    expect(() => requireSecure(new URL(url))).not.toThrow();
  }
  for (const url of ['http://a.example/', 'http://127.evil.example/', 'http://128.0.0.1/']) {
    expect(() => requireSecure(new URL(url))).toThrow('expected https');
  }
});
