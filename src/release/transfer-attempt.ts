import { RefitError } from '../errors.ts';
import type { Digest } from '../host/files.ts';
import type { HttpStream } from '../host/http.ts';
import type { Attempt, DownloadOptions, Outcome } from './attempt.ts';
import { STALL_TIMEOUT_MS } from './backoff.ts';
import { HEAD_BYTES, looksLikeHtml } from './looks-like.ts';
import { paced } from './paced.ts';
import { PART_MODE, type Part, type ResumePoint } from './part.ts';
import type { Asset, ReleaseHost } from './release.ts';
import { shownUrl } from './shown-url.ts';
import { readTransfer, short } from './transfer.ts';

/** One request over HTTP. */
export const transferAttempt: Attempt = async (host, asset, part, options) => {
  const point = await part.resumePoint();
  const response = await open(host, asset, point, options);
  if (response instanceof RefitError) return { kind: 'again', error: response, size: 0 };
  try {
    const what = readTransfer(asset.url, response, point);
    switch (what.kind) {
      case 'fail':
        throw what.error;
      case 'wait':
        return { kind: 'again', error: what.error, size: 0, retryAfter: what.retryAfter };
      case 'restart':
        await part.discard();
        return { kind: 'again', error: what.error, size: 0 };
      case 'whole':
        return await judge(host, asset, part, await host.files.digest(part.path));
      case 'body':
        if ((what.total ?? 0) > options.maxBytes) throw announcedTooLarge(asset, what.total, options.maxBytes);
        if (what.offset === 0) await part.start(response.headers, what.total ?? asset.size);
        else if (point.strangersTotal !== undefined) await part.adopt(response.headers, point.strangersTotal);
        return await receive(host, asset, part, { body: response.body, ...what }, options);
    }
  } finally {
    await response.close();
  }
};

async function open(
  { http }: ReleaseHost,
  { url, redirects }: Asset,
  { offset, ifRange }: ResumePoint,
  { stop, stallTimeoutMs = STALL_TIMEOUT_MS }: DownloadOptions,
): Promise<HttpStream | RefitError> {
  try {
    return await http.stream(url, {
      headers: {
        // Compressed on the way, neither the length nor the range would be those of the file.
        'accept-encoding': 'identity',
        ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
        ...(ifRange === undefined ? {} : { 'if-range': ifRange }),
      },
      // For all of the headers: a server that sends them byte by byte is cut off too.
      connectTimeoutMs: stallTimeoutMs,
      stallTimeoutMs,
      redirectsTo: redirects,
      ...(stop === undefined ? {} : { stop }),
    });
  } catch (error) {
    stop?.throwIfAborted();
    if (error instanceof RefitError && error.code === 'E_SOURCE_UNREACHABLE') return error;
    throw error;
  }
}

interface Body {
  readonly body: HttpStream['body'];
  readonly offset: number;
  readonly total: number | undefined;
}

async function receive(
  host: ReleaseHost,
  asset: Asset,
  part: Part,
  { body, offset, total }: Body,
  { maxBytes, stop, bytesPerSecond, onProgress }: DownloadOptions,
): Promise<Outcome> {
  let size = offset;
  try {
    const stream = bytesPerSecond === undefined ? body : paced(body, host.clock, bytesPerSecond, stop);
    const digest = await host.files.receive(part.path, stream, {
      mode: PART_MODE,
      offset,
      maxBytes,
      stop,
      onProgress(bytes) {
        size = bytes;
        onProgress?.(bytes, total ?? asset.size);
      },
    });
    if (total === undefined || digest.size === total) return await judge(host, asset, part, digest);
    if (digest.size > total) await part.discard();
    return { kind: 'again', error: short(asset.url, `saw ${digest.size} bytes, expected ${total}`), size: digest.size };
  } catch (error) {
    stop?.throwIfAborted();
    if (!(error instanceof RefitError) || error.code !== 'E_SOURCE_UNREACHABLE') throw error;
    const why = `saw ${size} of ${total ?? asset.size ?? 'unknown'} bytes (${error.message})`;
    return { kind: 'again', error: short(asset.url, why), size };
  }
}

/**
 * The server says that this is all. The catalogue may know better: a Content-Length that lies cuts a file without any
 * error. A page in place of the file is let through, for `verify` to name it.
 */
async function judge({ files }: ReleaseHost, asset: Asset, part: Part, digest: Digest): Promise<Outcome> {
  if (asset.size === undefined || digest.size >= asset.size) return { kind: 'whole', digest };
  if (looksLikeHtml(await files.readHead(part.path, HEAD_BYTES))) return { kind: 'whole', digest };
  await part.discard();
  const error = short(asset.url, `saw ${digest.size} bytes, expected the ${asset.size} of the catalogue`);
  return { kind: 'again', error, size: 0 };
}

function announcedTooLarge({ url }: Asset, total: number | undefined, maxBytes: number): RefitError {
  return new RefitError(
    'E_TOO_LARGE',
    `Cannot fetch ${shownUrl(url)}: saw ${total} bytes announced, expected at most ${maxBytes}`,
    {
      hint: 'the source serves something else than the release: look at what the URL gives',
      facts: { url: shownUrl(url), maxBytes },
    },
  );
}
