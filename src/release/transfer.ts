import { RefitError } from '../errors.ts';
import type { HttpStream } from '../host/http.ts';
import { isTransient } from './backoff.ts';
import { type ResumePoint, validatorOf } from './part.ts';
import { shownUrl } from './shown-url.ts';

/** What to do with a response to a download request. */
export type Transfer =
  /** Take the body from `offset`; the file is whole at `total` bytes, as far as the server says. */
  | { readonly kind: 'body'; readonly offset: number; readonly total: number | undefined }
  /** Nothing is missing. */
  | { readonly kind: 'whole' }
  /** What we hold does not go with what the server has: forget it and ask again. */
  | { readonly kind: 'restart'; readonly error: RefitError }
  | { readonly kind: 'wait'; readonly error: RefitError; readonly retryAfter: string | undefined }
  | { readonly kind: 'fail'; readonly error: RefitError };

/** Reads status and headers of a response to a request that asked to go on at `point`. Source: RFC 9110 §14, §15. */
export function readTransfer(
  url: string,
  response: Pick<HttpStream, 'status' | 'headers'>,
  point: ResumePoint,
): Transfer {
  const { status, headers } = response;
  switch (status) {
    case 200:
      return { kind: 'body', offset: 0, total: wholeNumber(headers['content-length']) };
    case 206:
      return readPartial(url, headers, point);
    case 416:
      return readUnsatisfiable(url, headers, point);
    case 404:
    case 410:
      return { kind: 'fail', error: notThere(url, status) };
    default:
      return isTransient(status)
        ? { kind: 'wait', error: unexpected(url, status), retryAfter: headers['retry-after'] }
        : { kind: 'fail', error: unexpected(url, status) };
  }
}

function readPartial(url: string, headers: HttpStream['headers'], point: ResumePoint): Transfer {
  const written = headers['content-range'] ?? '';
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(written);
  const isAsked = point.offset > 0 && Number(range?.[1]) === point.offset;
  // A server that ignores If-Range sends the rest of another file; its ETag gives it away.
  const validator = headers['etag'] === undefined ? undefined : validatorOf({ etag: headers['etag'] });
  const isCurrent = validator === undefined || !point.ifRange?.startsWith('"') || validator === point.ifRange;
  // Of another source's file nothing is known but its length.
  const isAsLong = point.strangersTotal === undefined || Number(range?.[3]) === point.strangersTotal;
  if (isAsked && isCurrent && isAsLong) return { kind: 'body', offset: point.offset, total: wholeNumber(range?.[3]) };
  const seen = isAsked ? 'the rest of a changed file' : `"${written}"`;
  return { kind: 'restart', error: short(url, `saw ${seen}, expected the rest from byte ${point.offset}`) };
}

function readUnsatisfiable(url: string, headers: HttpStream['headers'], point: ResumePoint): Transfer {
  const total = /^bytes \*\/(\d{1,15})$/.exec(headers['content-range'] ?? '')?.[1];
  const { offset, strangersTotal = offset } = point;
  if (offset > 0 && Number(total) === offset && strangersTotal === offset) return { kind: 'whole' };
  return { kind: 'restart', error: short(url, `saw status 416 at byte ${point.offset}, expected the rest`) };
}

/** E_DOWNLOAD_SHORT: what arrived is not the whole file. */
export function short(url: string, why: string): RefitError {
  return new RefitError('E_DOWNLOAD_SHORT', `Cannot fetch ${shownUrl(url)} whole: ${why}`, {
    hint: 'run the same command again: it goes on where the server lets it',
    facts: { url: shownUrl(url) },
  });
}

function notThere(url: string, status: number): RefitError {
  return new RefitError('E_RELEASE_UNKNOWN', `Cannot fetch ${shownUrl(url)}: saw status ${status}, expected the file`, {
    hint: 'check the tag and its spelling (a leading v counts), and that the release holds this file',
    facts: { url: shownUrl(url), status },
  });
}

function unexpected(url: string, status: number): RefitError {
  return new RefitError('E_SOURCE_UNREACHABLE', `Cannot fetch ${shownUrl(url)}: saw status ${status}, expected 200`, {
    hint: 'open the URL from this machine: curl -fL URL',
    facts: { url: shownUrl(url), status },
  });
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
