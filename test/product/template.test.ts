import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand, isExpandable, parseTemplate, referencesOf, type Scope } from '../../src/product/template.ts';

const scope: Scope = {
  env: { LISTEN: '[::]:8080', DB: './data/x.db', EMPTY: '' },
  binary: '/opt/x/bin/x',
  binary_dir: '/opt/x/bin',
  os: 'linux',
  arch: 'amd64',
  version: 'v1.2.3',
};

test.each([
  ['plain', 'plain'],
  ['x_{os}_{arch}.tar.gz', 'x_linux_amd64.tar.gz'],
  ['{version} is {number}', 'v1.2.3 is 1.2.3'],
  ['{http env.LISTEN}/ready', 'http://127.0.0.1:8080/ready'],
  ['{dial env.LISTEN}', '127.0.0.1:8080'],
  ['{dirname env.DB}/key', './data/key'],
  ['{dirname binary_dir}/share', '/opt/x/share'],
  ['[{env.EMPTY}]', '[]'],
  ['{{"a": {arch}}}', '{"a": amd64}'],
])('%s becomes %s', (template, text) => {
  expect(expand(template, scope)).toBe(text);
});

test('a name without a value is an error that names it, and can be asked about before', () => {
  expect(isExpandable('{commit}', scope)).toBe(false);
  expect(isExpandable('{version}{env.EMPTY}', scope)).toBe(true);
  expect(() => expand('{env.NONE}/x', scope)).toThrow(
    expect.objectContaining({
      code: 'E_CONFIG_INVALID',
      message:
        'Cannot expand "{env.NONE}/x": saw no value for "env.NONE", expected one from the service\'s environment',
    }),
  );
});

test('names of JavaScript objects are no values', () => {
  expect(isExpandable('{env.constructor}', scope)).toBe(false);
  expect(parseTemplate('{constructor binary}')).toHaveProperty('problem');
  expect(parseTemplate('{constructor}')).toHaveProperty('problem');
});

test('what a template uses', () => {
  expect(referencesOf('{dirname env.DB}/{arch}{{x}}')).toEqual(['env.DB', 'arch']);
});

test.each(['{', '}', '{}', '{ arch}', '{arch }', '{env.}', '{env.A B}', '{x{arch}}', '{tail env.A}', '{nothing}'])(
  '%s is no template',
  (template) => {
    expect(parseTemplate(template)).toHaveProperty('problem', expect.stringMatching(/^saw .*, expected /));
  },
);

test('any text either parses or says what is wrong; braces doubled it stands for itself', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseTemplate(text);
      expect(expand(text.replaceAll(/[{}]/g, '$&$&'), { env: {} })).toBe(text);
    }),
  );
});
