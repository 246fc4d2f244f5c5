// build/refit-<platform>-<arch>: one executable for hosts without Node, made of the pinned Node and one CommonJS file.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleProblems, common, licences, root } from './bundle.ts';

const out = path.join(root, 'build');
const scratch = path.join(out, 'sea');
/** Quiet when it works; what it said is in the error when it does not. */
const run = (program, ...argv) => execFileSync(program, argv, { stdio: ['ignore', 'pipe', 'pipe'] });

const executable = path.join(out, `refit-${process.platform}-${process.arch}`);
fs.rmSync(scratch, { recursive: true, force: true });
fs.mkdirSync(scratch, { recursive: true });

const { metafile } = await build({
  ...common,
  stdin: { contents: "import { main } from './src/main.ts'; void main();", resolveDir: root, sourcefile: 'sea.ts' },
  outfile: path.join(scratch, 'refit.cjs'),
  format: 'cjs',
  // Code cached in an executable cannot `import()`, so what is left of it becomes `require`.
  supported: { 'dynamic-import': false },
  // CommonJS knows neither; the executable stands in for the file it was made from.
  define: { 'import.meta.url': '__refitUrl', 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  banner: { js: "const __refitUrl = require('node:url').pathToFileURL(__filename).href;" },
});

const problems = bundleProblems(metafile).filter((problem) => problem.includes('fault twin'));
if (problems.length > 0) {
  for (const problem of problems) console.error(`refit: Cannot build ${executable}: ${problem}`);
  process.exit(1);
}

const blob = path.join(scratch, 'refit.blob');
const config = path.join(scratch, 'sea.json');
fs.writeFileSync(
  config,
  JSON.stringify({
    main: path.join(scratch, 'refit.cjs'),
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
  }),
);
run(process.execPath, '--experimental-sea-config', config);

// Beside its place and renamed: a running executable cannot be written to.
const made = path.join(scratch, 'refit');
fs.copyFileSync(process.execPath, made);
fs.chmodSync(made, 0o755);
// The mark is the one at which Node looks for the blob: https://nodejs.org/api/single-executable-applications.html
// A child, because postject writes a dozen warnings about debug sections into our stdout.
run(
  path.join(root, 'node_modules/.bin/postject'),
  made,
  'NODE_SEA_BLOB',
  blob,
  '--sentinel-fuse',
  'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2',
);
fs.renameSync(made, executable);
const nodeLicence = fs.readFileSync(path.join(path.dirname(process.execPath), '../LICENSE'), 'utf8');
fs.writeFileSync(`${executable}.LICENSES.txt`, `${licences(metafile)}\n${'-'.repeat(80)}\n\nnode\n\n${nodeLicence}`);
console.error(`refit: ${executable} built, ${Math.round(fs.statSync(executable).size / 1024 / 1024)} MiB`);
