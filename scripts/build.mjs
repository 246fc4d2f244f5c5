// dist/: the split bundle that `npm pack` ships. Fails when it holds what it must not (see bundleProblems).
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleProblems, common, licences, root } from './bundle.ts';
import { replaceTree } from './replace-tree.ts';

const dist = path.join(root, 'dist');

const { metafile, outputFiles } = await build({
  ...common,
  write: false,
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

const problems = bundleProblems(metafile);
if (problems.length > 0) {
  fs.rmSync(dist, { recursive: true, force: true });
  for (const problem of problems) console.error(`refit: Cannot build dist: ${problem}`);
  process.exit(1);
}

const files = new Map(outputFiles.map((file) => [file.path, file.contents]));
// For people: the place to copy one's own profile from. The program itself has their texts inside.
const profiles = path.join(root, 'src/product/profiles');
for (const name of fs.readdirSync(profiles)) {
  files.set(path.join(dist, 'profiles', name), fs.readFileSync(path.join(profiles, name)));
}
files.set(path.join(dist, 'LICENSES.txt'), Buffer.from(licences(metafile)));
replaceTree(dist, files);

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.error(`refit: dist built, ${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`);
