import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** bin/refit.js prefers dist/: one left by an older build is refreshed, or the tests would judge yesterday's code. */
export function setup(): void {
  const root = path.resolve(import.meta.dirname, '../..');
  if (fs.existsSync(path.join(root, 'dist'))) {
    execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
  }
}
