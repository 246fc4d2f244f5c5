// held.ts, on a machine whose clock is set back by an hour once `<directory>/set-back` is there.
import fs from 'node:fs';
import path from 'node:path';

const HOUR_MS = 3_600_000;
const RealDate = Date;
const request = process.argv[3] ?? '';
const signal = path.resolve(request, '../../../../../../../set-back');
const now = (): number => RealDate.now() - (fs.existsSync(signal) ? HOUR_MS : 0);

globalThis.Date = class extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [now()] : given) as [number]));
  }

  static override now(): number {
    return now();
  }
} as DateConstructor;

await import('./held.ts');
