import { describe, expect, test } from 'vitest';
import { bundleProblems, licences, packageOf } from '../../scripts/bundle.ts';

type Outputs = Parameters<typeof bundleProblems>[0]['outputs'];
type Output = Outputs[string];

const output = (inputs: readonly string[], more: Partial<Output> = {}): Output => ({
  bytes: 1000,
  inputs: Object.fromEntries(inputs.map((name) => [name, { bytesInOutput: 10 }])),
  imports: [],
  exports: [],
  ...more,
});

const main = (more: Partial<Output> = {}): Output =>
  output(['src/main.ts', 'node_modules/commander/lib/command.js'], { entryPoint: 'src/main.ts', ...more });

const problems = (outputs: Outputs) => bundleProblems({ inputs: {}, outputs });

test('a bundle that loads slow things late has no problem', () => {
  const lazy = [{ path: 'dist/chunks/fetch.js', kind: 'dynamic-import' as const }];
  const fetch = output(['src/host/node-http.ts', 'node_modules/undici/index.js']);
  expect(problems({ 'dist/main.js': main({ imports: lazy }), 'dist/chunks/fetch.js': fetch })).toEqual([]);
});

describe('what fails a build', () => {
  test('the fault twin, even in a lazy chunk', () => {
    const found = problems({ 'dist/main.js': main(), 'dist/chunks/x.js': output(['src/host/faults/effects.ts']) });
    expect(found).toEqual([expect.stringContaining('src/host/faults/effects.ts')]);
  });

  test.each(['undici', 'yaml', 'tar', '@noble/curves'])(
    '%s in a chunk that main.js loads at once, through another',
    (name) => {
      const found = problems({
        'dist/main.js': main({ imports: [{ path: 'dist/a.js', kind: 'import-statement' }] }),
        'dist/a.js': output(['src/a.ts'], { imports: [{ path: 'dist/b.js', kind: 'import-statement' }] }),
        'dist/b.js': output([`node_modules/${name}/index.js`]),
      });
      expect(found).toEqual([expect.stringMatching(new RegExp(`^${name} is loaded at once`))]);
    },
  );

  test('too many bytes at once', () => {
    expect(problems({ 'dist/main.js': main({ bytes: 200_001 }) })).toEqual([expect.stringContaining('200001 bytes')]);
  });

  test('too many bytes in all', () => {
    const found = problems({ 'dist/main.js': main(), 'dist/chunks/x.js': output(['src/x.ts'], { bytes: 3_000_000 }) });
    expect(found).toEqual([expect.stringContaining('3001000 bytes')]);
  });

  test('an entry that is not there', () => {
    expect(problems({})).toEqual(['no output has src/main.ts as its entry']);
  });
});

test.each([
  ['node_modules/undici/lib/a.js', 'undici'],
  ['node_modules/@sigstore/verify/dist/a.js', '@sigstore/verify'],
  ['node_modules/tar/node_modules/signal-exit/a.js', 'signal-exit'],
  ['src/main.ts', undefined],
])('the package of %s is %s', (input, name) => {
  expect(packageOf(input)).toBe(name);
});

test('a package that only names its licence gets the text of it', () => {
  const text = licences({
    inputs: { 'node_modules/@sigstore/verify/dist/index.js': { bytes: 1, imports: [] } },
    outputs: {},
  });
  expect(text).toMatch(/^@sigstore\/verify\n\nBy /);
  expect(text).toContain('Version 2.0, January 2004');
});
