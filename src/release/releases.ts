import type { Host } from '../host/host.ts';
import { requireAsset } from './assets.ts';
import { atFirst } from './at-first.ts';
import type { InspectedBundle } from './bundle/inspect.ts';
import type { BundleRequest, MadeBundle } from './bundle/make.ts';
import type { VerifiedBundle } from './bundle/verify.ts';
import type { ChooseOptions } from './choose.ts';
import { chooseFrom, type NamedSource } from './choose-from.ts';
import { type ClaimsRequest, collectClaims } from './claims.ts';
import {
  ATTEMPTS_BEFORE_THE_NEXT,
  type DownloadFromOptions,
  downloadFrom,
  type OtherSources,
} from './download-from.ts';
import { requireExecutable } from './executable.ts';
import { requireMatch } from './manifest/match-manifest.ts';
import { signedManifest } from './manifest/signed-manifest.ts';
import { type Crossing, notesCrossed } from './notes/crossed.ts';
import { pinText, readPin } from './pin.ts';
import { type ProofRequest, prove } from './prove.ts';
import type { Asset, AssetList, Elsewhere, Source } from './release.ts';
import { localKind } from './source/local.ts';
import { localTarball } from './source/local-tarball.ts';
import { openSource } from './source/open.ts';
import { tagsFrom } from './tags-from.ts';
import type { Artifact, ProvenFile, Refreshed, RefreshRequest, Trusted, TrustRequest } from './trust/trust.ts';
import { unpack } from './unpack.ts';
import { verifyAgain } from './verify.ts';

/** Where releases are looked for: `--source`, or the product's own repository. */
interface SourceName {
  readonly from: string | undefined;
  /** Further `--source`s, tried in this order. */
  readonly mirrors?: readonly string[] | undefined;
  readonly repository: string | undefined;
}

/** The room as one value, bound to a host; the functions' own files say what each does. */
export function releasesOf(host: Pick<Host, 'files' | 'http' | 'clock' | 'identity'>, refreshedRoot?: string) {
  const token = host.identity.environment['GITHUB_TOKEN'];
  const opened = new Map<string, Source>();
  /** The same one for the same name: what a list said of notes is not asked for again. */
  const open = (from: string | undefined, repository: string, attempts?: number): Source => {
    const key = JSON.stringify([from, repository, attempts]);
    const source =
      opened.get(key) ?? openSource(attempts === undefined ? host : { ...host, attempts }, from, { repository, token });
    opened.set(key, source);
    return source;
  };
  const named = ({ from, mirrors = [], repository = '' }: SourceName): readonly NamedSource[] =>
    [from, ...mirrors].map((name, index) => ({
      name,
      source: open(name, repository, index < mirrors.length ? ATTEMPTS_BEFORE_THE_NEXT : undefined),
    }));
  const first = ({ from, mirrors = [], repository = '' }: SourceName): Source =>
    open(from, repository, mirrors.length > 0 ? ATTEMPTS_BEFORE_THE_NEXT : undefined);
  const othersOf = ({ tag, sources }: Elsewhere = { tag: '', sources: [] }): OtherSources => ({
    tag,
    sources: sources.map((name) => open(name, '')),
  });
  const { files } = host;
  return {
    describe: (source: SourceName) => first(source).describe(),
    choose: (source: SourceName, request: string, options: ChooseOptions) =>
      chooseFrom(named(source), request, options),
    tags: (source: SourceName) => tagsFrom(named(source)),
    notes: (source: SourceName, crossing: Crossing) => notesCrossed(first(source), crossing),
    requireAsset,
    readPin: (path: string) => readPin(files, path),
    pinText,
    localTarball: (path: string) => localTarball(files, path),
    localKind: (path: string) => localKind(files, path),
    async makeBundle(request: BundleRequest): Promise<MadeBundle> {
      const { makeBundle } = await import('./bundle/make.ts');
      return makeBundle(host, request);
    },
    async inspectBundle(path: string): Promise<InspectedBundle> {
      const { inspectBundle } = await import('./bundle/inspect.ts');
      return inspectBundle(files, path);
    },
    async verifyBundle(path: string, trust: TrustRequest): Promise<VerifiedBundle> {
      const { verifyBundle } = await import('./bundle/verify.ts');
      return verifyBundle(host, path, { refreshedRoot, ...trust });
    },
    download: (
      asset: Asset,
      { elsewhere, ...options }: DownloadFromOptions & { readonly elsewhere?: Elsewhere | undefined },
    ) => downloadFrom(host, asset, othersOf(elsewhere), options),
    claims: (list: AssetList, request: ClaimsRequest) =>
      atFirst(
        list,
        othersOf(list.elsewhere),
        { what: `learn the digest of ${request.name}`, stop: request.stop },
        (one) => collectClaims(host, one, request),
      ),
    signedManifest: (...[list, request]: DropHost<typeof signedManifest>) =>
      signedManifest({ ...host, refreshedRoot }, list, request),
    manifestRow: requireMatch,
    prove: (path: string, list: AssetList, request: ProofRequest) =>
      atFirst(list, othersOf(list.elsewhere), { what: `prove ${request.name}`, stop: request.stop }, (one) =>
        prove({ ...host, refreshedRoot }, path, one, request),
      ),
    async verifyFile(artifact: Artifact, request: TrustRequest): Promise<ProvenFile> {
      // Verification alone needs 100 KiB of packages.
      const { verifyFile } = await import('./trust/verify-file.ts');
      return verifyFile(files, artifact, { refreshedRoot, ...request });
    },
    async refreshTrust(request: RefreshRequest): Promise<Refreshed> {
      const { refreshTrust } = await import('./trust/refresh.ts');
      return refreshTrust(host, request);
    },
    async showTrust(trustedRoot: string | undefined): Promise<Trusted> {
      const { showTrust } = await import('./trust/show.ts');
      return showTrust(files, { trustedRoot, refreshedRoot });
    },
    verifyAgain: (...[path, evidence, policy]: DropHost<typeof verifyAgain>) =>
      verifyAgain(files, path, evidence, policy),
    unpack: (...[artifact, wanted, options]: DropHost<typeof unpack>) => unpack(files, artifact, wanted, options),
    requireExecutable: (...[path, arch]: DropHost<typeof requireExecutable>) => requireExecutable(files, path, arch),
  };
}

type DropHost<F> = F extends (host: never, ...rest: infer Rest) => unknown ? Rest : never;
