#!/usr/bin/env node
// Plain old JavaScript without static imports: an old Node must get as far as saying which one is needed.
// test/bin/refit.test.ts keeps this rule and `engines` in package.json the same.
const [major, minor, patch] = process.versions.node.split('.').map(Number);
const fine =
  major >= 26 || (major === 24 && minor >= 15) || (major === 22 && (minor > 22 || (minor === 22 && patch >= 2)));

if (fine) {
  const built = new URL('../dist/main.js', import.meta.url);
  const source = new URL('../src/main.ts', import.meta.url);
  void import('node:fs').then((fs) => import(fs.existsSync(built) ? built : source)).then((refit) => refit.main());
} else {
  console.error(
    `refit: Cannot start on Node ${process.versions.node}: expected 22.22.2 or a later 22, 24.15 or a later 24, or 26 and above`,
  );
  process.exitCode = 3;
}
