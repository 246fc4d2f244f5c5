import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exitOf, RefitError } from '../../../src/errors.ts';
import { indexBytes } from '../../../src/release/bundle/index-file.ts';
import { openBundle } from '../../../src/release/bundle/open.ts';
import { readMember } from '../../../src/release/bundle/read-member.ts';
import { openWorkshop } from '../workshop.ts';
import { bundleOf, FILES, indexOf, member, membersOf, whole } from './made.ts';

const INDEX = indexOf(FILES);
const NAMES = [...INDEX.members.map(({ name }) => name), 'index.json', '../../x', '/etc/passwd', 'notes/v1.0.0.md'];

const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 300 }));
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  name,
  fc.constantFrom(-1, 0, 25, 2 ** 40, 8 ** 11, '', 'a'.repeat(64)),
);

/** An index with some of its values replaced, before the members of the right one. */
const indexes = fc
  .array(
    fc.tuple(fc.constantFrom('format', 'product', 'releases', 'members', 'name', 'size', 'sha256', 'more'), value),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((changes) => {
    const json = JSON.parse(indexBytes(INDEX).toString()) as Record<string, unknown> & { members: object[] };
    for (const [key, to] of changes) {
      const first = Array.isArray(json.members) ? json.members[0] : undefined;
      Object.assign(['name', 'size', 'sha256'].includes(key) && typeof first === 'object' ? (first ?? json) : json, {
        [key]: to,
      });
    }
    return bundleOf(Buffer.from(JSON.stringify(json)), ...membersOf(FILES));
  });

/** The right index before members with any bytes in their headers, whose sums are right. */
const headers = fc
  .array(fc.tuple(fc.nat(), fc.nat(511), fc.uint8Array({ minLength: 1, maxLength: 12 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((changes) => {
    const files = Object.entries(FILES);
    const members = files.map(([path, data], index) =>
      member(path, data, (header) => {
        for (const [which, at, bytes] of changes) {
          if (which % files.length === index) header.set(bytes.subarray(0, 512 - at), at);
        }
      }),
    );
    return bundleOf(INDEX, ...members);
  });

/** Members in any order, any number of times, of any name. */
const orders = fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 600 })), { maxLength: 4 }).map((files) => {
  const made = files.flatMap(([path, data]) => {
    const bytes = Buffer.from(path.slice(0, 99));
    return bytes.length > 99 ? [] : [member('x', Buffer.from(data), (header) => header.fill(0, 0, 100).set(bytes))];
  });
  return bundleOf(INDEX, ...made, ...membersOf(FILES));
});

/** Any bytes replaced anywhere, and cut anywhere. */
const bytes = fc.tuple(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat()).map(([writes, cut]) => {
  const data = whole();
  for (const [at, byte] of writes) data.writeUInt8(byte, at % data.length);
  return cut % 3 === 0 ? data.subarray(0, cut % data.length) : data;
});

function exceptIndex(bundle: Buffer): Buffer {
  return Buffer.concat([bundle.subarray(0, 512), bundle.subarray(512 + indexBytes(INDEX).length)]);
}

test.each([
  ['index', indexes, 1500],
  ['headers', headers, 1500],
  ['orders', orders, 1000],
  ['bytes', bytes, 1500],
] as const)('any %s: refused or read as it is, and nothing is written anywhere', async (what, bundles, runs) => {
  await using shop = await openWorkshop();
  const seen: Record<string, number> = {};
  const property = fc.asyncProperty(bundles, async (data) => {
    const ended = await shop.put('a.refit.tar', data).then((path) => outcomeOf(shop.host.files, path));
    // There is one form: whatever differs in a byte is another bundle. An index may be laid out otherwise, and a byte of its words
    // (the product, a date) may be another: it is nobody's proof.
    const compared = what === 'bytes' ? exceptIndex : (all: Buffer) => all;
    if (ended === 'read' && what !== 'index') expect(compared(data)).toEqual(compared(whole()));
    seen[ended] = (seen[ended] ?? 0) + 1;
    expect(await readdir(shop.folder)).toEqual(['a.refit.tar']);
  });
  await fc.assert(property, { numRuns: runs });
  console.log(`bundle fuzz, ${what}: ${runs} runs, ${JSON.stringify(seen)}`);
  expect(Object.keys(seen).every((key) => /^(read|E_BUNDLE_INVALID|E_DOWNLOAD_SHORT|E_TOO_LARGE)/.test(key))).toBe(
    true,
  );
});

/** "read" only where every byte of every member is what was put in. */
async function outcomeOf(files: Parameters<typeof openBundle>[0], path: string): Promise<string> {
  try {
    const bundle = await openBundle(files, path);
    for (const placed of bundle.members.values()) {
      expect(await readMember(files, bundle, placed, 100_000)).toEqual(FILES[placed.name]);
    }
    expect([...bundle.members.keys()]).toEqual(Object.keys(FILES));
    return 'read';
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    expect([5, 6]).toContain(exitOf(error));
    return error.code;
  }
}
