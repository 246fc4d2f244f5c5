import type { Host } from '../host/host.ts';
import { requireAsset } from './assets.ts';
import { type ChooseOptions, choose } from './choose.ts';
import { collectClaims } from './claims.ts';
import { download } from './download.ts';
import { requireExecutable } from './executable.ts';
import { requireMatch } from './manifest/match-manifest.ts';
import { signedManifest } from './manifest/signed-manifest.ts';
import { pinText, readPin } from './pin.ts';
import { prove } from './prove.ts';
import { localTarball } from './source/local-tarball.ts';
import { openSource } from './source/open.ts';
import type { Artifact, ProvenFile, Refreshed, RefreshRequest, Trusted, TrustRequest } from './trust/trust.ts';
import { unpack } from './unpack.ts';
import { verifyAgain } from './verify.ts';

/** Where releases are looked for: `--source`, or the product's own repository. */
interface SourceName {
  readonly from: string | undefined;
  readonly repository: string | undefined;
}

/** The room as one value, bound to a host; the functions' own files say what each does. */
export function releasesOf(host: Pick<Host, 'files' | 'http' | 'clock' | 'identity'>, refreshedRoot?: string) {
  const token = host.identity.environment['GITHUB_TOKEN'];
  const open = ({ from, repository }: SourceName) => openSource(host, from, { repository: repository ?? '', token });
  const { files } = host;
  return {
    describe: (source: SourceName) => open(source).describe(),
    choose: (source: SourceName, request: string, options: ChooseOptions) => choose(open(source), request, options),
    tags: async (source: SourceName) => (await open(source).list()).map(({ tag }) => tag),
    requireAsset,
    readPin: (path: string) => readPin(files, path),
    pinText,
    localTarball: (path: string) => localTarball(files, path),
    download: (...[asset, options]: DropHost<typeof download>) => download(host, asset, options),
    claims: (...[list, request]: DropHost<typeof collectClaims>) => collectClaims(host, list, request),
    signedManifest: (...[list, request]: DropHost<typeof signedManifest>) =>
      signedManifest({ ...host, refreshedRoot }, list, request),
    manifestRow: requireMatch,
    prove: (...[path, list, request]: DropHost<typeof prove>) => prove({ ...host, refreshedRoot }, path, list, request),
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
