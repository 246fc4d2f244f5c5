import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitOf, RefitError } from '../../../src/errors.ts';
import { MANIFEST_MAX_BYTES, parseManifest } from '../../../src/release/manifest/parse-manifest.ts';
import type { Json } from '../../../src/release/trust/strict-json.ts';
import { edit } from '../trust/support/edit.ts';
import { refusalOf } from '../workshop.ts';
import { bytesOf, HOSTS, MANIFEST } from './made.ts';

const parse = (data: Buffer) => parseManifest(data, { file: 'manifest.json', hosts: HOSTS });
const changed = (place: string, value: Json | undefined) => bytesOf(edit(MANIFEST, place, () => value));

test('a whole manifest; keys that are not known are passed over', () => {
  const more = Buffer.from(bytesOf(MANIFEST).toString().replace('{', '{"notes":"new",'));
  expect(parse(more)).toEqual(parse(bytesOf(MANIFEST)));
  expect(parse(more)).toMatchObject({
    version: '0.109.0',
    channel: 'stable',
    deviceType: 'edge',
    sequence: 74,
    rows: [{ arch: 'aarch64-linux' }, { arch: 'x86_64-linux', variant: 'full', sha256: 'ab'.repeat(32) }],
  });
});

describe('refused, with what was seen', () => {
  test.each<[string, string, Json | undefined, RegExp]>([
    ['no version', 'version', undefined, /no manifest\.version/],
    ['a version that is a number', 'version', 1, /1 as manifest\.version/],
    ['a version with a folder in it', 'version', '../1', /"\.\.\/1" as manifest\.version/],
    ['a negative sequence', 'sequence', -1, /-1 as manifest\.sequence/],
    ['a sequence that is text', 'sequence', '5', /a text as manifest\.sequence|a string as manifest\.sequence/],
    ['a sequence that no double holds', 'sequence', 2 ** 53, /9007199254740992/],
    ['no date', 'released_at', undefined, /no manifest\.released_at/],
    ['artefacts that are an object', 'artefacts', {}, /an? object as manifest\.artefacts/],
    ['no artefacts', 'artefacts', [], /0 artefacts/],
    ['a row that is a text', 'artefacts.0', 'x', /as manifest\.artefacts\[0\]/],
    [
      'a short digest, of a row that is not ours',
      'artefacts.0.sha256',
      'ab',
      /"ab" as manifest\.artefacts\[0\]\.sha256/,
    ],
    ['a long arch, of a row that is not ours', 'artefacts.0.arch', 'x'.repeat(65), /artefacts\[0\]\.arch/],
    ['an empty variant', 'artefacts.0.variant', '', /artefacts\[0\]\.variant/],
    ['another host, of a row that is not ours', 'artefacts.0.url', 'https://evil.example/app.tar.gz', /evil\.example/],
    ['two rows for one machine', 'artefacts.0.arch', 'x86_64-linux', /two artefacts for x86_64-linux full/],
  ])('%s', async (_title, place, value, saw) => {
    const error = await refusalOf(() => parse(changed(place, value)));
    expect({ code: error.code, exit: exitOf(error) }).toEqual({ code: 'E_MANIFEST_INVALID', exit: 6 });
    expect(error.message).toMatch(saw);
  });

  test.each([
    ['a key twice', bytesOf(MANIFEST).toString().replace('"sequence":74', '"sequence":74,"sequence":75')],
    ['a fraction for a whole number', bytesOf(MANIFEST).toString().replace(':74', ':74.0')],
    ['an exponent', bytesOf(MANIFEST).toString().replace(':74', ':7e1')],
    ['a byte order mark', `\ufeff${bytesOf(MANIFEST)}`],
    ['something behind it', `${bytesOf(MANIFEST)}{}`],
    ['a cut', bytesOf(MANIFEST).toString().slice(0, -20)],
    ['__proto__', bytesOf(MANIFEST).toString().replace('{', '{"__proto__":{"sequence":99},')],
    ['more than a MiB', `${' '.repeat(MANIFEST_MAX_BYTES)}${bytesOf(MANIFEST)}`],
    ['no JSON at all', '<!doctype html>'],
    ['nothing', ''],
  ])('%s', async (_title, text) => {
    expect((await refusalOf(() => parse(Buffer.from(text)))).code).toBe('E_MANIFEST_INVALID');
  });
});

/** A whole manifest with up to three values replaced by anything. */
const replaced = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'version',
        'channel',
        'sequence',
        'artefacts',
        'artefacts.0',
        'artefacts.0.url',
        'artefacts.1.sha256',
      ),
      fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.webUrl(),
        fc.string({ unit: 'binary' }),
        fc.nat(),
        fc.stringMatching(/^[a-z0-9.]{1,70}$/),
        fc.constantFrom(...HOSTS).map((host) => `https://${host}/a.tar.gz`),
      ) as fc.Arbitrary<Json>,
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((changes) =>
    bytesOf(
      changes.reduce((json, [place, value]) => {
        try {
          return edit(json, place, () => value);
        } catch {
          // An earlier change took the place away.
          return json;
        }
      }, MANIFEST),
    ),
  );

/** A whole manifest with some of its bytes replaced, or cut. */
const damaged = fc.tuple(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }), fc.nat()).map(([writes, cut]) => {
  const data = bytesOf(MANIFEST);
  for (const [at, byte] of writes) data.writeUInt8(byte, at % data.length);
  return cut % 3 === 0 ? data.subarray(0, cut % data.length) : data;
});

test.each([
  ['values', replaced, 2000],
  ['bytes', damaged, 2000],
  ['anything', fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data)), 1000],
] as const)('%s changed at random: read whole or refused, nothing else', (name, arbitrary, numRuns) => {
  const counts = { read: 0, refused: 0 };
  const property = fc.property(arbitrary, (data: Buffer) => {
    try {
      const { sequence, rows } = parse(data);
      expect(Number.isSafeInteger(sequence) && sequence >= 0 && rows.length > 0).toBe(true);
      for (const { url, sha256 } of rows)
        expect(`${new URL(url).host} ${sha256}`).toMatch(/^\S*github\S*\.com [0-9a-f]{64}$/);
      counts.read += 1;
    } catch (error) {
      if (!(error instanceof RefitError) || error.code !== 'E_MANIFEST_INVALID') throw error;
      counts.refused += 1;
    }
  });
  fc.assert(property, { numRuns });
  expect(counts.read + counts.refused).toBe(numRuns);
  console.info(`manifest, ${name}: ${numRuns} cases, ${counts.read} read, ${counts.refused} refused`);
});
