#!/usr/bin/env node
// Builds releases of the sample server: `node scripts/build-sample.mjs --help`.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { altered, BREAKS, elfFor } from './sample/breaks.mjs';
import { stamped } from './sample/bundle.mjs';
import { assetName, productNamed } from './sample/product.mjs';
import { tarball } from './sample/tarball.mjs';
import {
  breaksMigrations,
  brokenMigrationsOf,
  buildOf,
  isPrerelease,
  migrationsOf,
  newestFirst,
} from './sample/version.mjs';

export const DEFAULT_VERSIONS = ['v0.2.8', 'v0.2.9', 'v0.2.10', 'v0.2.13'];

const root = path.resolve(import.meta.dirname, '..');
const extra = (name) => fs.readFileSync(path.join(root, 'fixtures/sample-server/extra', name), 'utf8');

/** Tarballs of this process by what they were made from: tests build the same few releases again and again. */
const built = new Map();

/**
 * Writes `<out>/<tag>/{<name>_linux_<arch>.tar.gz…,checksums.txt}` and `<out>/releases.json`.
 * Options and result: build-sample.d.mts.
 */
export function buildReleases({
  out,
  as = 'sample',
  versions = DEFAULT_VERSIONS,
  breaks = {},
  arch = ['amd64', 'arm64'],
  ...rest
}) {
  const { minimal = false, node = process.execPath } = rest;
  const product = productNamed(as);
  const stray = Object.entries(breaks).find(([tag, mode]) => !versions.includes(tag) || !Object.hasOwn(BREAKS, mode));
  if (stray)
    throw new Error(`Cannot break ${stray[0]} by ${stray[1]}: expected a version being built and a mode of --help`);
  const releases = [...versions].sort(newestFirst).map((tag) => {
    const mode = breaks[tag] ?? 'none';
    const archives = arch.map((one) => ({
      name: assetName(product, one),
      bytes: archive({ product, tag, arch: one, mode, minimal, node }),
    }));
    return release(path.join(out, tag), tag, archives, mode);
  });
  fs.writeFileSync(path.join(out, 'releases.json'), `${JSON.stringify(releases, null, 2)}\n`);
  return { out, versions: releases.map((one) => one.tag_name) };
}

function archive(options) {
  const key = JSON.stringify(options);
  if (!built.has(key)) built.set(key, tarball(membersOf(options), new Date(buildOf(options.tag).date)));
  return built.get(key);
}

function membersOf({ product, tag, arch, mode, minimal, node }) {
  const migrations = breaksMigrations(mode) ? brokenMigrationsOf(tag, mode) : migrationsOf(tag);
  const stamp = { ...product, version: tag, ...buildOf(tag), arch, break: mode, minimal };
  const fill = (text) => Buffer.from(text.replaceAll('@NAME@', product.name).replaceAll('@VERSION@', tag));
  const other = arch === 'amd64' ? 'arm64' : 'amd64';
  const elf = { noexec: other, unloadable: arch }[mode];
  const server = elf === undefined ? stamped('server', { ...stamp, migrations }, node) : elfFor(elf);
  return [
    { name: product.name, mode: 0o755, bytes: server },
    { name: product.agent, mode: 0o755, bytes: stamped('agent', stamp, node) },
    { name: product.ctl, mode: 0o755, bytes: stamped('ctl', stamp, node) },
    { name: 'LICENSE', mode: 0o644, bytes: fs.readFileSync(path.join(root, 'LICENSE')) },
    { name: 'README.md', mode: 0o644, bytes: fill(extra('README.md')) },
    { name: 'install-agent.sh', mode: 0o644, bytes: fill(extra('install-agent.sh')) },
  ];
}

function release(dir, tag, archives, mode) {
  fs.mkdirSync(dir, { recursive: true });
  const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
  const sums = archives.map(({ name, bytes }) => `${digest(bytes)}  ${name}\n`).join('');
  const assets = [...archives, { name: 'checksums.txt', bytes: Buffer.from(sums) }];
  for (const { name, bytes } of assets) {
    fs.writeFileSync(path.join(dir, name), mode === 'checksum' && name.endsWith('.gz') ? altered(bytes) : bytes);
  }
  return {
    tag_name: tag,
    name: tag,
    draft: false,
    prerelease: isPrerelease(tag),
    published_at: buildOf(tag).date,
    assets: assets.map(({ name, bytes }) => ({ name, size: bytes.length })),
  };
}

const HELP = `usage: node scripts/build-sample.mjs --out DIR [options]

  --as sample|dockmesh       what the product is called (default sample)
  --versions v0.2.8,v0.2.9   which releases (default ${DEFAULT_VERSIONS.join(',')})
  --arch amd64,arm64         for which architectures (default both)
  --break MODE@VERSION       break one of them; may be repeated
  --minimal                  no SQLite, no TLS: ready as soon as Node can be
  --node PATH                the Node the binaries run on (default this one)

modes:
${Object.entries(BREAKS)
  .map(([mode, what]) => `  ${mode.padEnd(16)} ${what}`)
  .join('\n')}
`;

function main() {
  const list = { type: 'string' };
  const { values } = parseArgs({
    options: {
      out: list,
      as: list,
      versions: list,
      arch: list,
      node: list,
      break: { ...list, multiple: true },
      minimal: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || values.out === undefined) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const { break: broken = [], versions, arch, ...options } = values;
  const { out, versions: made } = buildReleases({
    ...options,
    ...(versions ? { versions: versions.split(',') } : {}),
    ...(arch ? { arch: arch.split(',') } : {}),
    breaks: Object.fromEntries(broken.map((text) => text.split('@').reverse())),
  });
  process.stdout.write(`${made.join(' ')} in ${out}\n`);
}

if (import.meta.main) main();
