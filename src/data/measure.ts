import type { DeviceShare, Measured } from './data.ts';
import type { Raw } from './entry.ts';
import type { Place } from './place.ts';

const BLOCK = 4096;

/** What one entry takes when copied: what a sparse file holds, and at least a block where a short one holds anything. */
function bytesOf(entry: Raw): number {
  const whole = Math.max(BLOCK, Math.ceil(entry.size / BLOCK) * BLOCK);
  return entry.allocated < entry.size ? Math.max(BLOCK, entry.allocated) : whole;
}

/** Sums up lists of places as `list` gives them. Names of one file count once. */
export function measure(places: readonly Place[], lists: readonly (readonly Raw[])[]): Measured {
  const devices = new Map<string, DeviceShare>();
  const seen = new Set<string>();
  let files = 0;
  for (const [index, list] of lists.entries()) {
    for (const entry of list) {
      files += 1;
      const key = `${entry.device}:${entry.inode}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const known = devices.get(entry.device) ?? { device: entry.device, path: places[index]?.path ?? '', bytes: 0 };
      devices.set(entry.device, { ...known, bytes: known.bytes + bytesOf(entry) });
    }
  }
  const byDevice = [...devices.values()];
  return { bytes: byDevice.reduce((sum, { bytes }) => sum + bytes, 0), files, byDevice };
}
