import { expect, test } from 'vitest';
import { reclaimer } from '../../src/host/reclaim.ts';

test('dead buffers do not pile up', () => {
  const reclaim = reclaimer();
  const size = 64 * 1024;
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  for (let chunk = 0; chunk < 4096; chunk += 1) {
    Buffer.alloc(size, chunk);
    reclaim(size);
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(32 * 1024 * 1024);
});
