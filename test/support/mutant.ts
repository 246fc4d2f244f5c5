import fs from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** One source edit that breaks one law. `from` must occur exactly once, so that a mutant never silently becomes a no-op. */
export interface Mutation {
  /** Path from the repository's root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface MutantBuild {
  /** Path from the repository's root. */
  readonly entry: string;
  /** One self-contained ES module is written there. */
  readonly out: string;
  readonly mutation: Mutation | undefined;
}

/** Builds the real source with one edit applied, so that shipped code needs no seam for tests to break it. */
export async function bundleMutant({ entry, out, mutation }: MutantBuild): Promise<void> {
  await build({
    entryPoints: [path.join(ROOT, entry)],
    outfile: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: mutation === undefined ? [] : [edit(mutation)],
  });
}

function edit({ file, from, to }: Mutation): Plugin {
  const target = path.join(ROOT, file);
  return {
    name: 'mutation',
    setup(builder) {
      builder.onLoad({ filter: new RegExp(`${escapeRegExp(path.basename(file))}$`) }, async ({ path: loaded }) => {
        if (loaded !== target) return undefined;
        const text = await fs.readFile(loaded, 'utf8');
        if (text.split(from).length !== 2)
          throw new Error(`mutation of ${file}: ${JSON.stringify(from)} does not occur once`);
        return { contents: text.replace(from, () => to), loader: 'ts' };
      });
    },
  };
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
