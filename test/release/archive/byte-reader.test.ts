import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from '../../../src/release/archive/byte-reader.ts';

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

test('reads give the stream back however it was cut, and fewer bytes only at its end', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }));
  await fc.assert(
    fc.asyncProperty(chunks, fc.array(fc.nat(30)), async (parts, sizes) => {
      const whole = Buffer.concat(parts);
      const reader = new ByteReader(stream(parts));
      let at = 0;
      for (const size of sizes) {
        const bytes = await reader.read(size);
        expect(bytes.equals(whole.subarray(at, at + size))).toBe(true);
        at += bytes.length;
      }
    }),
  );
});

test('a piece that is left half-way leaves the rest for the next read', async () => {
  const reader = new ByteReader(stream([Buffer.from('abc'), Buffer.from('def')]));
  for await (const piece of reader.take(6)) {
    expect(piece.toString()).toBe('abc');
    break;
  }
  expect((await reader.read(10)).toString()).toBe('def');
});

test('close lets the stream go', async () => {
  let isOpen = true;
  async function* watched(): AsyncGenerator<Buffer> {
    try {
      yield Buffer.from('abc');
      yield Buffer.from('def');
    } finally {
      isOpen = false;
    }
  }
  const reader = new ByteReader(watched());
  await reader.read(1);
  await reader.close();
  expect(isOpen).toBe(false);
});
