import { expect, test } from 'vitest';
import { shownUrl } from '../../src/release/shown-url.ts';

test.each([
  ['https://user:secret@m.example/a/b.tar.gz?token=secret#x', 'https://m.example/a/b.tar.gz'],
  ['file:///srv/my%20releases/a.tar.gz', '/srv/my releases/a.tar.gz'],
])('%s is shown as %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
