import { createHash } from 'node:crypto';
import { EqualVersionError } from 'tuf-js/dist/error.js';
import { TrustedMetadataStore } from 'tuf-js/dist/store.js';
import { RefitError } from '../../errors.ts';
import { fetchSmall } from '../fetch-small.ts';
import type { ReleaseHost } from '../release.ts';
import type { TufTexts } from './kept-root.ts';
import { refused } from './refusal-of-refresh.ts';
import type { TufVersions } from './trust.ts';

/** As in python-tuf and tuf-js: more than any repository has, less than would hurt. */
const MAX_ROOTS = 256;
const MAX_BYTES = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 } as const;

export interface TufTarget {
  readonly data: Buffer;
  readonly metadata: TufTexts;
  readonly versions: TufVersions;
  /** The earliest of them all. */
  readonly expires: Date;
}

interface Ask {
  /** Without a slash at the end. */
  readonly mirror: string;
  readonly trustedRoot: string;
  /** Of the refresh before: nothing may be older. */
  readonly kept: TufTexts | undefined;
  readonly target: string;
}

/**
 * Brings one target, by the client workflow of the TUF specification (5.1 to 5.7). What is verified, and in which order, is
 * left to tuf-js's store; its updater would write its own files and go past the host's proxy, so the walk is ours.
 */
export async function fetchTarget(host: ReleaseHost, { mirror, trustedRoot, kept, target }: Ask): Promise<TufTarget> {
  const store = new TrustedMetadataStore(Buffer.from(kept?.root ?? trustedRoot));
  // Its own clock is not ours.
  Reflect.set(store, 'referenceTime', host.clock.now());
  const get = async (name: string, maxBytes: number): Promise<Buffer> => {
    const data = await optional(host, mirror, name, maxBytes);
    if (data === undefined) throw refused(mirror, `no ${name}`, 'it there');
    return data;
  };
  const root = await walkRoots(host, mirror, store, kept?.root ?? trustedRoot);
  const timestamp = updateTimestamp(store, kept?.timestamp, await get('timestamp.json', MAX_BYTES.timestamp));
  const prefix = (version: number) => (store.root.signed.consistentSnapshot ? `${version}.` : '');
  const { version: of, length: long = MAX_BYTES.snapshot } = present(store.timestamp).signed.snapshotMeta;
  const snapshot = await keptOr(
    kept?.snapshot,
    (data, isKept) => store.updateSnapshot(data, isKept),
    () => get(`${prefix(of)}snapshot.json`, Math.min(long, MAX_BYTES.snapshot)),
  );
  const meta = present(store.snapshot).signed.meta['targets.json'];
  if (meta === undefined) throw refused(mirror, 'a snapshot without targets.json', 'one');
  const targets = await keptOr(
    kept?.targets,
    (data) => store.updateDelegatedTargets(data, 'targets', 'root'),
    () => get(`${prefix(meta.version)}targets.json`, Math.min(meta.length ?? MAX_BYTES.targets, MAX_BYTES.targets)),
  );
  const file = present(store.targets).signed.targets[target];
  const sha256 = file?.hashes['sha256'];
  if (file === undefined || sha256 === undefined) throw refused(mirror, `no ${target} with a SHA-256`, 'one');
  const name = `targets/${store.root.signed.consistentSnapshot ? `${sha256}.` : ''}${target}`;
  const data = await get(name, Math.min(file.length, MAX_BYTES.targets));
  const seen = createHash('sha256').update(data).digest('hex');
  if (data.length !== file.length || seen !== sha256) throw refused(mirror, `${target} with ${seen}`, sha256);
  return { data, metadata: { root, timestamp, snapshot, targets }, ...factsOf(store) };
}

/** 5.3: one version after the other, each signed by the one before, to the newest. */
async function walkRoots(
  host: ReleaseHost,
  mirror: string,
  store: TrustedMetadataStore,
  first: string,
): Promise<string> {
  let text = first;
  for (let count = 0; ; count += 1) {
    const next = await optional(host, mirror, `${store.root.signed.version + 1}.root.json`, MAX_BYTES.root);
    if (next === undefined) return text;
    if (count === MAX_ROOTS) throw refused(mirror, `more than ${MAX_ROOTS} new roots`, 'an end of them');
    store.updateRoot(next);
    text = next.toString('utf8');
  }
}

/** 5.4. The kept one is there to be compared with: that it is too old, or by a key that was changed, is no fault of the new. */
function updateTimestamp(store: TrustedMetadataStore, kept: string | undefined, data: Buffer): string {
  if (kept !== undefined) ignoring(() => store.updateTimestamp(Buffer.from(kept)));
  try {
    store.updateTimestamp(data);
    return data.toString('utf8');
  } catch (error) {
    if (!(error instanceof EqualVersionError) || kept === undefined) throw error;
    return kept;
  }
}

/** 5.5 and 5.6: what is kept is still the newest, or is compared with the newest. */
async function keptOr(
  kept: string | undefined,
  update: (data: Buffer, isKept: boolean) => unknown,
  bring: () => Promise<Buffer>,
): Promise<string> {
  if (kept !== undefined && ignoring(() => update(Buffer.from(kept), true))) return kept;
  const data = await bring();
  update(data, false);
  return data.toString('utf8');
}

function ignoring(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

async function optional(
  host: ReleaseHost,
  mirror: string,
  name: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  try {
    return await fetchSmall(host, `${mirror}/${name}`, { maxBytes });
  } catch (error) {
    if (!(error instanceof RefitError) || error.code !== 'E_TOO_LARGE') throw error;
    throw refused(mirror, `${name} of more than ${maxBytes} bytes`, 'less', error);
  }
}

function factsOf({ root, timestamp, snapshot, targets }: TrustedMetadataStore) {
  const signed = { root: root.signed, timestamp: present(timestamp).signed, snapshot: present(snapshot).signed };
  const all = { ...signed, targets: present(targets).signed };
  const versions = {
    root: all.root.version,
    timestamp: all.timestamp.version,
    snapshot: all.snapshot.version,
    targets: all.targets.version,
  };
  const dates = Object.values(all).map(({ expires }) => Date.parse(expires));
  return { versions, expires: new Date(Math.min(...dates)) };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('internal: TUF metadata that was just read is not there');
  return value;
}
