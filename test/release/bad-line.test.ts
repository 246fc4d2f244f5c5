import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { download } from '../../src/release/download.ts';
import { type Reply, startLoopback } from '../support/loopback.ts';
import { openWorkshop, sha256 } from './workshop.ts';

const MIB = 1024 * 1024;
const BODY = randomBytes(48 * MIB);

/** What the server sent for a whole file over a line that is cut so often. */
async function sentFor(cuts: readonly number[], reply: Reply) {
  await using server = await startLoopback();
  await using shop = await openWorkshop();
  const [first = reply, ...others] = [...cuts.map((cutAfter) => ({ ...reply, cutAfter })), reply];
  server.on('/a', first, ...others);
  const to = join(shop.folder, 'a');
  const options = { to, maxBytes: 2 * BODY.length, stallTimeoutMs: 5_000 };
  const digest = await download(shop.host, { name: 'a', url: `${server.url}/a` }, options);
  expect(digest.sha256).toBe(sha256(BODY));
  expect((await readFile(to)).equals(BODY)).toBe(true);
  return { sent: server.sent(), requests: server.requests.length };
}

describe('after five cuts', () => {
  test.each([
    ['at odd places', [5_000_001, 9_999_999, 3_333_333, 7, 12_345_678]],
    ['one after the other', [300_000, 300_000, 300_000, 300_000, 300_000]],
  ])('less than 1 %% of the bytes are sent twice: %s', async (_, cuts) => {
    const { sent, requests } = await sentFor(cuts, { body: BODY, ranges: true, headers: { etag: '"v1"' } });
    expect(requests).toBe(6);
    const twice = sent - BODY.length;
    process.stderr.write(`five cuts: ${twice} of ${BODY.length} bytes sent twice\n`);
    expect(twice).toBeLessThan(BODY.length / 100);
  });

  test('a server that ignores Range sends all of them again: what is counted is what was sent', async () => {
    const { sent } = await sentFor([MIB], { body: BODY, headers: { etag: '"v1"' } });
    expect(sent).toBe(BODY.length + MIB);
  });
});

test('a small step forward each time is enough, however often the line breaks', async () => {
  const cuts = Array.from({ length: 20 }, () => 100_000);
  const { requests } = await sentFor(cuts, { body: BODY, ranges: true, headers: { etag: '"v1"' } });
  expect(requests).toBe(21);
});
