import { expect, test } from 'vitest';
import { isLoopback, proxiesIn } from '../../src/host/proxy.ts';

test('lower case wins, and what is not set is nothing', () => {
  const environment = { http_proxy: 'a', HTTP_PROXY: 'b', NO_PROXY: 'c' };
  expect(proxiesIn(environment)).toEqual({ httpProxy: 'a', httpsProxy: '', noProxy: 'c' });
});

test.each([
  ['localhost', true],
  ['localhost.', true],
  ['app.localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['127.0.0.1.example', false],
  ['notlocalhost', false],
  ['10.0.0.1', false],
])('%s is this host: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
