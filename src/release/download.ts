import { RefitError } from '../errors.ts';
import type { Digest } from '../host/files.ts';
import type { Attempt, DownloadOptions, Outcome } from './attempt.ts';
import { ATTEMPTS, pauseMs } from './backoff.ts';
import { copyAttempt } from './copy-attempt.ts';
import { type Part, partOf } from './part.ts';
import type { Asset, ReleaseHost } from './release.ts';
import { short } from './transfer.ts';
import { transferAttempt } from './transfer-attempt.ts';

/**
 * Failures in a row are counted anew after that much: a bad line may drop often and still bring a large file. A second of a
 * line of 50 KB/s; attempts stay bounded, by the size of the file.
 */
const PROGRESS_BYTES = 64 * 1024;

/**
 * Brings one asset to `to`, hashed on the way. A file that is already there is taken as it is, as far as anybody
 * told: it got its name when it was whole. What it resolves with is what arrived, proven by nobody: see `verify`.
 * Errors: E_DOWNLOAD_SHORT, E_SOURCE_UNREACHABLE, E_RELEASE_UNKNOWN (404), E_TOO_LARGE, and those of the disk at once.
 */
export async function download(host: ReleaseHost, asset: Asset, options: DownloadOptions): Promise<Digest> {
  const { files, clock, attempts = ATTEMPTS } = host;
  const there = await files.stat(options.to);
  if (there?.type === 'file') {
    const digest = await files.digest(options.to);
    if (options.sha256 === undefined || digest.sha256 === options.sha256) return digest;
    await files.remove(options.to);
  }
  const part = partOf(files, options.to, asset.url);
  const attempt: Attempt = asset.url.startsWith('file:') ? copyAttempt : transferAttempt;
  let best = 0;
  for (let failures = 1; ; failures += 1) {
    const arrived = await attempt(host, asset, part, options).catch(async (error: unknown) => {
      if (error instanceof RefitError && error.code === 'E_TOO_LARGE') await part.discard();
      throw error;
    });
    const outcome = await unmixed(arrived, asset, part, options);
    if (outcome.kind === 'whole') {
      await part.finish();
      return outcome.digest;
    }
    // Beyond the best so far, or a server that cuts every answer at the same place would keep us for ever.
    if (outcome.size >= best + PROGRESS_BYTES) {
      best = outcome.size;
      failures = 1;
    }
    if (failures >= attempts) throw outcome.error;
    await clock.sleep(pauseMs(clock, failures, outcome.retryAfter), options.stop);
  }
}

/** Two sources may have two files of one length: then a whole one of one of them is wanted, before anybody judges it. */
async function unmixed(outcome: Outcome, { url }: Asset, part: Part, { sha256 }: DownloadOptions): Promise<Outcome> {
  if (outcome.kind === 'again' || sha256 === undefined || outcome.digest.sha256 === sha256) return outcome;
  if (!(await part.isMixed())) return outcome;
  await part.discard();
  const why = `saw SHA-256 ${outcome.digest.sha256} of what two sources gave, expected ${sha256}`;
  return { kind: 'again', error: short(url, why), size: 0 };
}
