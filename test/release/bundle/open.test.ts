import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { exitOf } from '../../../src/errors.ts';
import { indexBytes } from '../../../src/release/bundle/index-file.ts';
import { looksLikeBundle, openBundle } from '../../../src/release/bundle/open.ts';
import { readMember } from '../../../src/release/bundle/read-member.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';
import { ARCHIVE, bundleOf, FILES, indexOf, LIST, member, membersOf, whole } from './made.ts';

test('a whole one: every tar lists it, every member is read', async () => {
  await using shop = await openWorkshop();
  const path = await shop.put('a.refit.tar', whole());
  const bundle = await openBundle(shop.host.files, path);
  expect(bundle.size).toBe(whole().length);
  for (const [name, placed] of bundle.members) {
    expect(await readMember(shop.host.files, bundle, placed, 1000)).toEqual(FILES[name]);
  }
  const listed = execFileSync('tar', ['-tf', path], { encoding: 'utf8' });
  expect(listed.trim().split('\n')).toEqual(['index.json', ARCHIVE, LIST]);
});

const [archive = Buffer.alloc(0), list = Buffer.alloc(0)] = membersOf(FILES);
const index = indexOf(FILES);
const ARCHIVE_AT = 512 + Math.ceil(indexBytes(index).length / 512) * 512;
const other = member('releases/v0.2.13/more', Buffer.from('more'));
const short = Buffer.from('shorter');
const resized = (size: number) => indexOf(FILES, { members: index.members.map((one) => ({ ...one, size })) });

const hostile: readonly (readonly [what: string, check: string, said: RegExp, bundle: Buffer])[] = [
  ['no tar at all', 'format', /saw a plain text, expected a bundle/, Buffer.alloc(2048, 'text ')],
  ['a tar without an index', 'format', /index\.json first/, Buffer.concat([archive, list, Buffer.alloc(1024)])],
  ['a member twice', 'duplicate', /tar\.gz" twice/, bundleOf(index, archive, archive, list)],
  ['a member twice, behind the others', 'duplicate', /txt" twice/, bundleOf(index, archive, list, list)],
  ['a second index', 'duplicate', /"index\.json" twice/, bundleOf(index, member('index.json', Buffer.from('{}')))],
  ['a member more', 'unlisted', /more", which its index does not list/, bundleOf(index, archive, list, other)],
  ['a member between', 'unlisted', /more", which its index does not list/, bundleOf(index, archive, other, list)],
  ['a member less', 'missing', /saw the end of its members, expected releases/, bundleOf(index, archive)],
  ['members in another order', 'missing', /too early/, bundleOf(index, list, archive)],
  [
    'a member that is shorter',
    'size',
    /of 7 bytes, expected .* of 25 bytes/,
    bundleOf(index, member(ARCHIVE, short), list),
  ],
  ['an index that says less', 'size', /of 25 bytes, expected .* of 3 bytes/, bundleOf(resized(3), archive, list)],
  [
    'an index that says more than there is',
    'size',
    /expected .* of 90000 bytes/,
    bundleOf(resized(90_000), archive, list),
  ],
  [
    'another mode',
    'header',
    /another header of releases/,
    bundleOf(
      index,
      member(ARCHIVE, FILES[ARCHIVE] ?? short, (h) => h.write('000755', 100)),
      list,
    ),
  ],
  [
    'a set-uid bit',
    'header',
    /set-uid/,
    bundleOf(
      index,
      member(ARCHIVE, FILES[ARCHIVE] ?? short, (h) => h.write('004755', 100)),
      list,
    ),
  ],
  [
    'a link',
    'header',
    /./,
    bundleOf(
      index,
      member(ARCHIVE, FILES[ARCHIVE] ?? short, (h) => h.write('2', 156)),
      list,
    ),
  ],
  [
    'a device',
    'header',
    /CharacterDevice/,
    bundleOf(
      index,
      member(ARCHIVE, FILES[ARCHIVE] ?? short, (h) => h.write('3', 156)),
      list,
    ),
  ],
  [
    'an extended header',
    'unlisted',
    /does not list/,
    bundleOf(
      index,
      member('PaxHeader', short, (h) => h.write('x', 156)),
      archive,
      list,
    ),
  ],
  [
    'another owner',
    'header',
    /another header/,
    bundleOf(
      index,
      member(ARCHIVE, FILES[ARCHIVE] ?? short, (h) => h.write('root', 265)),
      list,
    ),
  ],
  ['a header whose sum is wrong', 'header', /wrong checksum/, damaged(whole(), ARCHIVE_AT + 20)],
  ['data behind the index', 'header', /data behind the end of index\.json/, damaged(whole(), ARCHIVE_AT - 1)],
  ['data behind the end', 'end', /data behind its end/, Buffer.concat([whole(), Buffer.from('x')])],
  ['zeros behind the end', 'end', /data behind its end/, Buffer.concat([whole(), Buffer.alloc(512)])],
  ['an index that is no JSON', 'index', /in its index/, bundleOf(Buffer.from('{"format":1,}'))],
  ['an index of a future form', 'index', /the format 2/, bundleOf(Buffer.from('{"format":2}'))],
  ['an index with a key twice', 'index', /twice/, bundleOf(Buffer.from('{"format":1,"format":1}'))],
  ['an index beyond its size', 'index', /an index of 1048577 bytes/, bundleOf(Buffer.alloc(1024 ** 2 + 1, ' '))],
];

function damaged(bundle: Buffer, at: number): Buffer {
  const bytes = Buffer.from(bundle);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

test.each(hostile)('%s: untrusted', async (_what, check, said, bytes) => {
  await using shop = await openWorkshop();
  const error = await refusalOf(async () => openBundle(shop.host.files, await shop.put('a.refit.tar', bytes)));
  expect({ code: error.code, exit: exitOf(error), check: error.facts['check'] }).toEqual({
    code: 'E_BUNDLE_INVALID',
    exit: 6,
    check,
  });
  expect(error.message).toMatch(said);
  expect(error.hint).toContain('carry it over again');
});

test('cut anywhere: the source is at fault, or its bytes are refused', async () => {
  await using shop = await openWorkshop();
  const bytes = whole();
  const seen = new Map<string, number>();
  for (let size = 0; size < bytes.length; size += 64) {
    const path = await shop.put('a.refit.tar', bytes.subarray(0, size));
    const error = await refusalOf(() => openBundle(shop.host.files, path));
    seen.set(error.code, (seen.get(error.code) ?? 0) + 1);
    expect(exitOf(error), `${size} bytes`).toBe(5);
  }
  expect([...seen.keys()]).toEqual(['E_DOWNLOAD_SHORT']);
});

test.each([
  ['one bit of a body', ARCHIVE_AT + 512 + 3, 'digest', /SHA-256 [0-9a-f]{64} of releases/],
  ['one bit behind a body', ARCHIVE_AT + 512 + 30, 'header', /data behind the end of/],
] as const)('%s is met when it is read', async (_what, at, check, said) => {
  await using shop = await openWorkshop();
  const path = await shop.put('a.refit.tar', damaged(whole(), at));
  const bundle = await openBundle(shop.host.files, path);
  const placed = bundle.members.get(ARCHIVE);
  if (placed === undefined) throw new Error('no archive in it');
  const error = await refusalOf(() => readMember(shop.host.files, bundle, placed, 1000));
  expect({ code: error.code, check: error.facts['check'] }).toEqual({ code: 'E_BUNDLE_INVALID', check });
  expect(error.message).toMatch(said);
});

test('a member that is too large to be read whole is not', async () => {
  await using shop = await openWorkshop();
  const bundle = await openBundle(shop.host.files, await shop.put('a.refit.tar', whole()));
  const placed = bundle.members.get(ARCHIVE);
  if (placed === undefined) throw new Error('no archive in it');
  expect((await refusalOf(() => readMember(shop.host.files, bundle, placed, 24))).code).toBe('E_TOO_LARGE');
});

test('what begins like one', () => {
  expect(looksLikeBundle(whole())).toBe(true);
  expect(looksLikeBundle(whole().subarray(0, 511))).toBe(false);
  expect(looksLikeBundle(archive)).toBe(false);
});
