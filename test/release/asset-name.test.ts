import { describe, expect, test } from 'vitest';
import { assetName } from '../../src/release/asset-name.ts';
import { requireVersion } from '../../src/version/version.ts';

const target = { os: 'linux', arch: 'arm64', version: requireVersion('v0.2.13', 'a test version') } as const;

describe('assetName', () => {
  test.each([
    ['dockmesh_{os}_{arch}.tar.gz', 'dockmesh_linux_arm64.tar.gz'],
    ['server-{version}.tar.gz', 'server-0.2.13.tar.gz'],
    ['server-{tag}-{os}.tar.gz', 'server-v0.2.13-linux.tar.gz'],
    ['plain.tar.gz', 'plain.tar.gz'],
  ])('%s is %s', (template, name) => {
    expect(assetName(template, target)).toBe(name);
  });

  test('keeps build metadata, which makes another file', () => {
    const version = requireVersion('v1.0.0+b7', 'a test version');
    expect(assetName('s-{version}.tgz', { ...target, version })).toBe('s-1.0.0+b7.tgz');
  });

  test.each(['', 'a/{os}.tar.gz', '../{os}', '.{os}', '{platform}.tar.gz', '{os', 'a b', '{__proto__}', '{toString}x'])(
    '%j is refused',
    (template) => {
      expect(() => assetName(template, target)).toThrow(expect.objectContaining({ code: 'E_PROFILE_INVALID' }));
    },
  );
});
