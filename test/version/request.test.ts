import { describe, expect, test } from 'vitest';
import { parseRequest } from '../../src/version/request.ts';

describe('parseRequest', () => {
  test.each([
    ['latest', 'latest'],
    ['v0.2.13', 'exact'],
    ['0.2.13', 'exact'],
    ['v0.3.0-rc1', 'exact'],
    ['v0.2.x', 'range'],
    ['0.2', 'range'],
    ['v0.2', 'range'],
    ['^0.2.3', 'range'],
    ['~v0.2.3', 'range'],
    ['>=0.2.9 <0.3', 'range'],
    ['*', 'range'],
  ])('%s is %s', (text, kind) => {
    expect(parseRequest(text).kind).toBe(kind);
  });

  test.each(['', '   ', '||', 'nightly', 'v', 'Latest please', 'v1.2.3.4', '../../etc', '0.2.x; rm -rf /'])(
    '%j is refused',
    (text) => {
      expect(() => parseRequest(text)).toThrow(expect.objectContaining({ code: 'E_VERSION_UNPARSABLE' }));
    },
  );
});
