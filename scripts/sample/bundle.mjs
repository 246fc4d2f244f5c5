import path from 'node:path';
import { buildSync } from 'esbuild';

const SOURCE = path.resolve(import.meta.dirname, '../../fixtures/sample-server/src');

const bundled = new Map();

/** One of the entries `server`, `agent`, `ctl` as a script that reads a STAMP declared above it. Made once per process. */
function bundle(entry) {
  if (!bundled.has(entry)) {
    const { outputFiles } = buildSync({
      entryPoints: [path.join(SOURCE, `${entry}.mjs`)],
      bundle: true,
      write: false,
      // Neither import nor require at its top: the file has no extension, and must run below any package.json.
      format: 'iife',
      platform: 'neutral',
      target: 'node22',
      legalComments: 'none',
    });
    bundled.set(entry, outputFiles[0].text);
  }
  return bundled.get(entry);
}

/**
 * The executable: `#!node --`, the stamp, the code. Without the `--` Node takes `--env-file` for its own wherever it stands
 * in argv, and exits 9 if it cannot read the file.
 */
export function stamped(entry, stamp, node) {
  // The kernel cuts a longer line, and takes what follows a blank for an argument.
  if (/\s/.test(node) || node.length > 250)
    throw new Error(`Cannot use ${node} in a #! line: too long, or has a blank`);
  return Buffer.from(`#!${node} --\nconst STAMP = ${JSON.stringify(stamp)};\n${bundle(entry)}`);
}
