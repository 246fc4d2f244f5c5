import fs from 'node:fs';
import path from 'node:path';
import { minisignPair } from '../../release/trust/support/minisign.ts';
import { privateSigstore, type SignOptions, WHO } from '../../release/trust/support/sigstore.ts';
import type { Scene } from './scene.ts';

const BUILTIN = path.resolve(import.meta.dirname, '../../../src/product/profiles/sample.yaml');

/** Who signs a scene's releases: a Sigstore and a minisign key of its own. */
export interface Signing {
  readonly line: string;
  /** YAML, in flow style: who must have signed. */
  readonly workflow: string;
  /** Writes `<file>.sigstore.json`, over that file or over other bytes. */
  bundle(file: string, options?: SignOptions & { readonly over?: Buffer }): void;
  minisig(file: string): void;
  /** The built-in profile with a trust policy, in a file of the scene's; its path. */
  profile(trust: string): string;
}

export function signingFor({ directory }: Pick<Scene, 'directory'>): Signing {
  const sigstore = privateSigstore();
  const pair = minisignPair();
  const root = path.join(directory, 'trusted_root.json');
  fs.writeFileSync(root, JSON.stringify(sigstore.root));
  const name = WHO.repository.replace('https://github.com/', '');
  return {
    line: pair.line,
    workflow: `repository: ${name}, workflow: release.yml, ref: refs/tags/v*, trusted_root: ${root}`,
    bundle(file, { over, ...options } = {}) {
      fs.writeFileSync(`${file}.sigstore.json`, JSON.stringify(sigstore.sign(over ?? fs.readFileSync(file), options)));
    },
    minisig: (file) => fs.writeFileSync(`${file}.minisig`, pair.sign(fs.readFileSync(file))),
    profile(trust) {
      const text = fs.readFileSync(BUILTIN, 'utf8');
      const file = path.join(directory, 'trust.yaml');
      fs.writeFileSync(file, text.replace('\n  arches:', `\n  trust: ${trust}\n  arches:`));
      return file;
    },
  };
}
