import { RefitError } from '../errors.ts';
import type { Digest } from '../host/files.ts';
import { requireAsset } from './assets.ts';
import type { DownloadOptions } from './attempt.ts';
import { download } from './download.ts';
import { findElsewhere } from './find-elsewhere.ts';
import { isPassable, noneLeft, type PassedBy, passedByText } from './passed-by.ts';
import type { Asset, ReleaseHost, Source } from './release.ts';
import { shownUrl } from './shown-url.ts';

/** Who else may have the asset. None of them is asked before it is needed. */
export interface OtherSources {
  readonly tag: string;
  readonly sources: readonly Source[];
}

export interface DownloadFromOptions extends DownloadOptions {
  /** One line for people. */
  readonly onPassedBy?: ((text: string) => void) | undefined;
}

/** With another source to turn to a bad line is not worth more: what arrived is kept, and the next one goes on with it. */
export const ATTEMPTS_BEFORE_THE_NEXT = 2;

/**
 * The asset from where it was found, else from each other source in turn; one goes on where another broke off. A source whose
 * bytes are not those that were told (`sha256`) is passed by like one that is down; what the last one gave is for `verify` to
 * judge.
 */
export async function downloadFrom(
  host: ReleaseHost,
  asset: Asset,
  { tag, sources }: OtherSources,
  { onPassedBy, ...options }: DownloadFromOptions,
): Promise<Digest> {
  const passed: PassedBy[] = [];
  const pass = (one: PassedBy): void => {
    passed.push(one);
    onPassedBy?.(passedByText(one));
  };
  for (const [index, source] of [undefined, ...sources].entries()) {
    const isLast = index === sources.length;
    const where = source?.describe() ?? shownUrl(asset.url);
    try {
      const there =
        source === undefined ? asset : requireAsset(await findElsewhere(source, tag, asset, options.stop), asset.name);
      const from = isLast ? host : { ...host, attempts: ATTEMPTS_BEFORE_THE_NEXT };
      const digest = await download(from, there, options);
      if (isLast || options.sha256 === undefined || digest.sha256 === options.sha256) return digest;
      await host.files.remove(options.to);
      const saw = `saw SHA-256 ${digest.sha256}, expected ${options.sha256}`;
      pass({ where, error: new RefitError('E_DIGEST_MISMATCH', `Cannot use its ${asset.name}: ${saw}`) });
    } catch (error) {
      if (!isPassable(error)) throw error;
      pass({ where, error });
    }
  }
  throw noneLeft(`fetch ${asset.name}`, passed);
}
