// dist/: the split bundle that `npm pack` ships. Fails when it holds what it must not (see bundleProblems).
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleProblems, common, licences, root } from './bundle.ts';

const dist = path.join(root, 'dist');
fs.rmSync(dist, { recursive: true, force: true });

const { metafile } = await build({
  ...common,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Packages written for CommonJS call `require` for Node's own modules; an ES module has none unless it is made.
  banner: {
    js: "import { createRequire as refitRequire } from 'node:module';\nconst require = refitRequire(import.meta.url);",
  },
});

// For people: the place to copy one's own profile from. The program itself has their texts inside.
fs.cpSync(path.join(root, 'src/product/profiles'), path.join(dist, 'profiles'), { recursive: true });
fs.writeFileSync(path.join(dist, 'LICENSES.txt'), licences(metafile));

const problems = bundleProblems(metafile);
if (problems.length > 0) {
  fs.rmSync(dist, { recursive: true, force: true });
  for (const problem of problems) console.error(`refit: Cannot build dist: ${problem}`);
  process.exit(1);
}
const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.error(`refit: dist built, ${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`);
