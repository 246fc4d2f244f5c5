import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import { loadProfile } from '../src/product/load.ts';

export const root = path.resolve(import.meta.dirname, '..');

/**
 * Puts the texts themselves, and what they say, in the place of src/product/builtin.ts, which reads them from the disk: a
 * bundle has no src/ beside it and a single executable no disk at all.
 */
const builtinTexts: Plugin = {
  name: 'builtin texts',
  setup(build) {
    build.onLoad({ filter: /\/src\/product\/builtin\.ts$/ }, (args) => {
      const text = (name: string): string => fs.readFileSync(path.join(path.dirname(args.path), name), 'utf8');
      const names = fs.readdirSync(path.join(path.dirname(args.path), 'profiles')).sort();
      const profiles = names.map((name) => [name, text(`profiles/${name}`)]);
      const read = names.map((name) => [name, loadProfile({ file: name, text: text(`profiles/${name}`) })]);
      return {
        contents: `
          const read = new Map(${JSON.stringify(read)});
          export const builtinProfile = async (file) => read.get(file);
          export const builtinProfiles = async () => new Map(${JSON.stringify(profiles)});
          export const profileManual = async () => ${JSON.stringify(text('profile-manual.yaml'))};
        `,
      };
    });
  },
};

/**
 * The part of undici that src/host uses, as its own index puts it together: all of it is half of the bundle, and two thirds
 * of what `refit status` waits for [measured with 8.12.4]. A file that moves fails the build.
 */
const UNDICI = `
  import api from 'undici/lib/api/index.js';
  import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
  import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
  Object.assign(Dispatcher.prototype, api);
  export { EnvHttpProxyAgent };
`;

/**
 * Gives `await import('undici')` its named exports, as Node does: esbuild, splitting, leaves only `default` where the
 * package is CommonJS [tried with 0.28.2: yaml, undici].
 */
const lazyPackages: Plugin = {
  name: 'lazy packages',
  setup(build) {
    build.onResolve({ filter: /^[@a-z]/ }, ({ kind, path: name }) =>
      kind === 'dynamic-import' && !isBuiltin(name) ? { path: name, namespace: 'lazy-package' } : undefined,
    );
    build.onLoad({ filter: /^undici$/, namespace: 'lazy-package' }, () => ({ contents: UNDICI, resolveDir: root }));
    build.onLoad({ filter: /.*/, namespace: 'lazy-package' }, async ({ path: name }) => {
      const exported = Object.keys(await import(name)).filter((one) => one !== 'module.exports');
      return { contents: `export { ${exported.join(', ')} } from '${name}';`, resolveDir: root };
    });
  },
};

/**
 * Of undici, what no request of ours comes to: HTTP/2, which is off (src/host/network.ts), and a second parser behind a switch.
 * It does without where they are missing, and they are 15 ms of loading [measured with 8.12.4].
 */
const UNUSED = /^node:http2$|\/milo\/(no-)?simd\.js$/;
const withoutUnused: Plugin = {
  name: 'without unused',
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path: name }) => ({ path: name, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path: name }) => ({
      contents: `throw new Error(${JSON.stringify(`${name} is not in this bundle`)});`,
    }));
  },
};

/** What both builds share. Not minified: the line numbers of a stack trace in a bug report must lead somewhere. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  legalComments: 'linked',
  metafile: true,
  plugins: [builtinTexts, lazyPackages, withoutUnused],
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** What `refit --version` may not load: each costs it 10 to 50 ms. */
const LAZY = [
  'undici',
  'yaml',
  'tar',
  'valibot',
  '@valibot/to-json-schema',
  'cli-progress',
  '@sigstore/verify',
  '@noble/curves',
  'tuf-js',
];
const EAGER_LIMIT = 200_000;
const TOTAL_LIMIT = 3_000_000;

/** The `name` of `node_modules/name/…`, the innermost one; undefined for a file of ours. */
export const packageOf = (input: string): string | undefined =>
  input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1];

/** Everything that loads before the first `await import()` is reached, starting from the bundle of src/main.ts. */
function eagerOutputs(outputs: Metafile['outputs']): ReadonlySet<string> {
  const entry = Object.keys(outputs).find((name) => outputs[name]?.entryPoint?.endsWith('main.ts'));
  const eager = new Set(entry === undefined ? [] : [entry]);
  for (const name of eager) {
    for (const { path: to, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') eager.add(to);
  }
  return eager;
}

/** What is wrong with a bundle, one sentence each: the fault twin in it, slow things loaded at once, too many bytes. */
export function bundleProblems(metafile: Metafile): readonly string[] {
  const outputs = Object.entries(metafile.outputs);
  const problems: string[] = [];
  for (const input of new Set(outputs.flatMap(([, output]) => Object.keys(output.inputs)))) {
    if (/src\/host\/faults\b/.test(input)) problems.push(`${input} is in the bundle: the fault twin is for tests only`);
  }
  const eager = eagerOutputs(metafile.outputs);
  if (eager.size === 0) problems.push('no output has src/main.ts as its entry');
  const eagerInputs = outputs.filter(([name]) => eager.has(name)).flatMap(([, output]) => Object.keys(output.inputs));
  for (const name of new Set(eagerInputs.map(packageOf))) {
    if (name !== undefined && LAZY.includes(name))
      problems.push(`${name} is loaded at once: import it where it is used`);
  }
  const bytes = (of: typeof outputs): number => of.reduce((sum, [, output]) => sum + output.bytes, 0);
  const limits: readonly [what: string, saw: number, limit: number][] = [
    ['what loads at once', bytes(outputs.filter(([name]) => eager.has(name))), EAGER_LIMIT],
    ['the bundle', bytes(outputs.filter(([name]) => name.endsWith('.js'))), TOTAL_LIMIT],
  ];
  for (const [what, saw, limit] of limits) if (saw > limit) problems.push(`${what} has ${saw} bytes, limit ${limit}`);
  return problems;
}

/** The licence of every package inside a bundle: most carry it in a file, not in a comment that bundling keeps. */
export function licences(metafile: Metafile): string {
  const folders = Object.keys(metafile.inputs).map(
    (input) => input.match(/.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0],
  );
  const texts = [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .sort()
    .map((folder) => {
      const name = folder.replace(/.*node_modules\//, '');
      return `${name}\n\n${licenceOf(path.join(root, folder)).trim()}\n`;
    });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Some packages only name theirs (@sigstore/verify); where that is ours too, its text is at hand. */
function licenceOf(folder: string): string {
  const file = fs.readdirSync(folder).find((name) => /^licen[cs]e([.-].*)?$/i.test(name));
  if (file !== undefined) return fs.readFileSync(path.join(folder, file), 'utf8');
  const about = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  if (about['license'] !== 'Apache-2.0') throw new Error(`Cannot find the licence of a package in ${folder}`);
  return `By ${String(about['author'])}\n\n${fs.readFileSync(path.join(root, 'LICENSE'), 'utf8')}`;
}
