import { execFileSync } from 'node:child_process';
import path from 'node:path';

/**
 * bin/refit.js prefers dist/. One left by an older build is refreshed, or the tests would judge yesterday's code; one that is
 * not there is made: from its sources each start of refit takes five times as long, and tests start it a thousand times.
 */
export function setup(): void {
  const root = path.resolve(import.meta.dirname, '../..');
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
}
