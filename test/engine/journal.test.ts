import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, type JournalFile, openJournal } from '../../src/engine/journal.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import { RefitError } from '../../src/errors.ts';

const AT = new Date('2026-01-02T03:04:05.678Z');
const RECORDS: readonly JournalRecord[] = [
  { type: 'step.begin', step: 0, undo: { was: 'v0.2.8' }, boot: 'b' },
  { type: 'step.end', step: 0, output: null },
  { type: 'run.end', outcome: 'committed' },
];

function fileOf(initial: string): JournalFile & { content: Buffer } {
  return {
    path: '/j',
    content: Buffer.from(initial),
    async read() {
      return this.content;
    },
    async append(line) {
      this.content = Buffer.concat([this.content, Buffer.from(line)]);
    },
    async truncate(bytes) {
      this.content = this.content.subarray(0, bytes);
    },
  };
}

const whole = RECORDS.map((record, n) => encode(record, n, AT)).join('');

test('a record is one line of JSON with its number, time and checksum', () => {
  expect(encode({ type: 'hop.commit', hop: 0 }, 7, AT)).toMatchInlineSnapshot(`
    "{"format":1,"n":7,"at":"2026-01-02T03:04:05.678Z","type":"hop.commit","hop":0,"sum":"7a55b62c"}
    "
  `);
});

test('what was appended is read back', async () => {
  const file = fileOf('');
  const journal = await openJournal(file, () => AT);
  for (const record of RECORDS) await journal.append(record);
  expect(journal.records).toEqual(RECORDS);
  expect((await openJournal(file, () => AT)).records).toEqual(RECORDS);
});

test('cut anywhere, it holds the whole lines before the cut and can be appended to', async () => {
  for (let length = 0; length <= whole.length; length++) {
    const file = fileOf(whole.slice(0, length));
    const journal = await openJournal(file, () => AT);
    const lines = whole.slice(0, length).split('\n').length - 1;
    expect(journal.records).toEqual(RECORDS.slice(0, lines));
    await journal.append({ type: 'hop.commit', hop: 0 });
    expect(decode(file.content, '/j').records).toHaveLength(lines + 1);
  }
});

test('any other change of a byte is refused and the file left alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      // The last newline is the one byte whose loss looks like a torn line.
      fc.pre(at !== whole.length - 1);
      const file = fileOf('');
      file.content = bytes;
      await expect(openJournal(file, () => AT)).rejects.toThrow(RefitError);
      expect(file.content).toEqual(bytes);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  [
    'a line lost',
    RECORDS.filter((_, n) => n !== 1)
      .map((record, n) => encode(record, n * 2, AT))
      .join(''),
    'E_JOURNAL_CORRUPT',
  ],
  ['a line twice', encode({ type: 'hop.commit', hop: 0 }, 0, AT).repeat(2), 'E_JOURNAL_CORRUPT'],
  ['zeroes', `${encode({ type: 'hop.commit', hop: 0 }, 0, AT)}\0\0\0\n`, 'E_JOURNAL_CORRUPT'],
])('%s is refused', async (_name, content, code) => {
  await expect(openJournal(fileOf(content), () => AT)).rejects.toMatchObject({ code });
});

test('a newer format is refused in words', async () => {
  const { crc32 } = await import('node:zlib');
  const body = '{"format":2,"n":0,"at":"x","type":"run.teleport"';
  const line = `${body},"sum":"${crc32(body).toString(16).padStart(8, '0')}"}\n`;
  await expect(openJournal(fileOf(line), () => AT)).rejects.toMatchObject({
    code: 'E_JOURNAL_NEWER',
    message: 'Cannot read /j: saw journal format 2, this version knows 1',
  });
});
