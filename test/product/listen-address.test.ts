import { expect, test } from 'vitest';
import { dialAddress } from '../../src/product/listen-address.ts';

test.each([
  [':8080', '127.0.0.1:8080'],
  ['0.0.0.0:8080', '127.0.0.1:8080'],
  ['[::]:8080', '127.0.0.1:8080'],
  ['*:8080', '127.0.0.1:8080'],
  ['[]:8080', '127.0.0.1:8080'],
  ['10.1.2.3:8080', '10.1.2.3:8080'],
  ['[::1]:8080', '[::1]:8080'],
  ['[fe80::1%eth0]:1', '[fe80::1%eth0]:1'],
  ['localhost:65535', 'localhost:65535'],
])('a server that listens on %s is asked at %s', (listen, dial) => {
  expect(dialAddress(listen)).toBe(dial);
});

test.each(['', '8080', ':', ':0', ':65536', ':http', '::1:8080', 'http://x:1', 'a b:1', '/run/x.sock'])(
  'no address can be made of %j',
  (listen) => {
    expect(() => dialAddress(listen)).toThrow(
      expect.objectContaining({ code: 'E_CONFIG_INVALID', message: expect.stringContaining(JSON.stringify(listen)) }),
    );
  },
);
