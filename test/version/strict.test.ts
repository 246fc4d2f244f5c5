import { describe, expect, test } from 'vitest';
import { requireStrict, requireStrictRequest } from '../../src/version/strict.ts';
import { compare, same } from '../../src/version/version.ts';

describe('strict semver', () => {
  test.each(['0.45.4', '1.0.0-rc.1', '0.45.0+b2', '1.2.3-0a.x-y+001.sha'])('%s', (text) => {
    expect(requireStrict(text, 'it').tag).toBe(text);
  });

  test.each([
    'v0.45.4',
    'V1.2.3',
    '=1.2.3',
    ' 0.45.4',
    '0.45.4 ',
    '0.45.4\n',
    '0.45',
    '00.45.4',
    '1.2.3-01',
    '1.2.3+',
    '',
    'dev',
  ])('not %j', (text) => {
    expect(() => requireStrict(text, 'the wanted version')).toThrow(
      expect.objectContaining({ code: 'E_VERSION_UNPARSABLE', message: expect.stringContaining('the wanted version') }),
    );
  });

  test('what the numbers overflow is none either', () => {
    expect(() => requireStrict(`${'9'.repeat(20)}.0.0`, 'it')).toThrow(
      expect.objectContaining({ code: 'E_VERSION_UNPARSABLE' }),
    );
  });

  test('build metadata says which build, never which is newer', () => {
    const [plain, built] = [requireStrict('0.45.0', 'a'), requireStrict('0.45.0+b2', 'b')];
    expect(compare(plain, built)).toBe(0);
    expect(same(plain, built)).toBe(false);
  });
});

describe('what may be asked for', () => {
  test.each(['latest', '0.45.4', '0.45.x', '>=0.45.0 <0.46', '^0.45.1'])('%s', (text) => {
    expect(() => requireStrictRequest(text)).not.toThrow();
  });

  test.each(['v0.45.4', 'v0.45.x', '>=v0.45.0', ' 0.45.4', '0.45.4 ', 'newest', ''])('not %j', (text) => {
    expect(() => requireStrictRequest(text)).toThrow(expect.objectContaining({ code: 'E_VERSION_UNPARSABLE' }));
  });
});
