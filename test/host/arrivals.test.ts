import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { arrivals } from '../../src/host/arrivals.ts';

async function all(parts: AsyncIterable<Uint8Array>): Promise<{ readonly text: string; readonly error: unknown }> {
  const got: Uint8Array[] = [];
  try {
    for await (const part of parts) got.push(part);
    return { text: Buffer.concat(got).toString(), error: undefined };
  } catch (error) {
    return { text: Buffer.concat(got).toString(), error };
  }
}

test('everything, in its order', async () => {
  const stream = new PassThrough();
  const arriving = arrivals(stream);
  stream.write('one ');
  stream.end('two');
  expect(await all(arriving)).toEqual({ text: 'one two', error: undefined });
});

test('what came before a break is handed out before the error', async () => {
  const stream = new PassThrough();
  const arriving = arrivals(stream);
  const broken = new Error('the line broke');
  stream.write('one ');
  stream.write('two');
  await setImmediate();
  stream.destroy(broken);
  await setImmediate();
  expect(await all(arriving)).toEqual({ text: 'one two', error: broken });
});

test('a stream that is closed in the middle does not end well', async () => {
  const stream = new PassThrough();
  const arriving = arrivals(stream);
  stream.write('one');
  await setImmediate();
  stream.destroy();
  expect(await all(arriving)).toMatchObject({ text: 'one', error: { code: 'ECONNRESET' } });
});

test('a reader that is slow makes the sender wait, and gets everything', async () => {
  const stream = new PassThrough();
  const arriving = arrivals(stream);
  const block = Buffer.alloc(256 * 1024, 'x');
  let written = 0;
  const sending = (async () => {
    for (; written < 40; written += 1)
      if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve));
    stream.end();
  })();
  for (let turn = 0; turn < 100; turn += 1) await setImmediate();
  expect(stream.isPaused()).toBe(true);
  expect(written).toBeLessThan(10);
  expect((await all(arriving)).text).toHaveLength(40 * block.length);
  await sending;
});
