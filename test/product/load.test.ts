import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { RefitError } from '../../src/errors.ts';
import { loadProfile } from '../../src/product/load.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/profiles');
const read = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');
const minimal = { file: 'minimal.yaml', text: read('minimal.yaml') };
// Not named .yaml: some are none, and formatters would have them be.
const bad = readdirSync(join(FIXTURES, 'bad'))
  .filter((name) => name.endsWith('.profile'))
  .map((name) => name.replace(/\.profile$/, ''));

/** What loading rejects with; anything but a RefitError fails the test. */
function rejection(...sources: Parameters<typeof loadProfile>): RefitError | undefined {
  try {
    loadProfile(...sources);
    return undefined;
  } catch (error) {
    if (error instanceof RefitError) return error;
    throw error;
  }
}

test('the least a profile can say is filled up with defaults', () => {
  const profile = loadProfile(minimal);
  expect(profile.service).toEqual({
    manager: 'systemd',
    unit: 'tiny.service',
    start_timeout: 10_000,
    guard_interval: 30_000,
  });
  expect(profile.binary).toMatchObject({ follow_link: false, keep_previous: false, version: { argv: ['--version'] } });
  expect(profile.release).toMatchObject({
    arches: ['amd64', 'arm64'],
    max_bytes: 512 * 2 ** 20,
    max_unpacked: 2 ** 30,
  });
  expect(profile.data).toEqual({ databases: [], directories: [], files: [], trees: [] });
  expect(profile.jobs).toEqual([]);
});

test.each(bad)('bad/%s: every problem, at its place', (name) => {
  const error = rejection(minimal, { file: `${name}.yaml`, text: read(`bad/${name}.profile`) });
  expect(error?.code).toBe('E_PROFILE_INVALID');
  expect(`${error?.message}\n`).toBe(read(`bad/${name}.txt`));
});

test('the corpus is there', () => {
  expect(bad.length).toBeGreaterThanOrEqual(30);
});

test('a profile of its own that says nothing hears of everything at once', () => {
  const error = rejection({ file: 'mine.yaml', text: 'format: 1\n' });
  expect(error?.message.split('\n')).toHaveLength(1 + 6);
  expect(error?.facts).toEqual({ problems: 6 });
});

test('problems are told from the file that wrote them', () => {
  const base = { file: 'base.yaml', text: minimal.text.replace('start_timeout: 10s', 'start_timeout: soon') };
  const error = rejection(base, { file: 'over.yaml', text: 'health:\n  soak: later\n' });
  expect(error?.message.split('\n').slice(1)).toEqual([
    'base.yaml:5:65: service.start_timeout: saw "soon", expected a duration such as 300ms, 90s or 5m',
    'over.yaml:2:9: health.soak: saw "later", expected a duration such as 300ms, 90s or 5m',
  ]);
});

test('an override changes its keys, keeps the others, replaces lists and removes with null', () => {
  const text =
    'health: { soak: 5s, probes: [{ name: one, kind: stable }] }\nenv: { defaults: { TINY_DB: null, NEW: x } }\n';
  const profile = loadProfile(minimal, { file: 'over.yaml', text });
  expect(profile.health).toMatchObject({ timeout: 10_000, soak: 5000, probes: [{ name: 'one' }] });
  expect(profile.env.defaults).toEqual({ TINY_LISTEN: ':9000', NEW: 'x' });
});

test('aliases within bounds are fine', () => {
  const text =
    'data: { directories: [{ path: /var/lib/a, exclude: &names [x, y] }, { path: /var/lib/b, exclude: *names }] }\n';
  expect(loadProfile(minimal, { file: 'over.yaml', text }).data.directories[1]?.exclude).toEqual(['x', 'y']);
});

test.each([
  ['nested deeply', '['.repeat(200_000)],
  ['aliases in their thousands', `a: &x 1\nd: [${'*x, '.repeat(15_000)}]\n`],
  ['the same key in its thousands', 'a: 1\n'.repeat(40_000)],
  ['unknown names in their thousands', `data: { files: [${"'{env.A}', ".repeat(8000)}] }`],
])('a hostile file is refused in few words: %s', (_what, text) => {
  const error = rejection(minimal, { file: 'f', text });
  expect(error?.code).toBe('E_PROFILE_INVALID');
  expect(error?.message.split('\n').length).toBeLessThanOrEqual(102);
});

test('a file over the limit is not parsed', () => {
  const error = rejection({ file: 'big.yaml', text: `title: ${'x'.repeat(300_000)}` });
  expect(error?.message).toContain('big.yaml:1:1: saw 300007 bytes, expected at most 262144');
});

test('whatever is in the file, it is read or refused with a code', () => {
  const anyYaml = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.object({ maxDepth: 4 }).map((value) => stringify(value)),
  );
  const anyOverride = fc
    .record({
      health: fc.anything(),
      release: fc.anything(),
      env: fc.anything(),
      data: fc.anything(),
      jobs: fc.anything(),
    })
    .map((value) => JSON.stringify(value) ?? '');
  fc.assert(
    fc.property(fc.oneof(anyYaml, anyOverride), (text) => {
      for (const error of [rejection({ file: 'f', text }), rejection(minimal, { file: 'f', text })]) {
        if (error !== undefined) expect(error.code).toBe('E_PROFILE_INVALID');
      }
    }),
    { numRuns: 300 },
  );
});

test('a valid profile with one byte changed is read or refused with a code', () => {
  fc.assert(
    fc.property(fc.nat(minimal.text.length - 1), fc.constantFrom(...'{}[]&*!|>\'"%@`:-?,#\t\0 x'), (at, char) => {
      const text = minimal.text.slice(0, at) + char + minimal.text.slice(at + 1);
      expect(['E_PROFILE_INVALID', undefined]).toContain(rejection({ file: 'f', text })?.code);
    }),
    { numRuns: 300 },
  );
});
