import { setTimeout as delay } from 'node:timers/promises';

const CHUNK = 16 * 1024;

/** What a mirror can do to a request. Each takes the answer it would have given: {response, status, headers, body: Buffer}. */
const KINDS = {
  429: ({ response }) => response.writeHead(429, { 'Retry-After': '1' }).end('slow down\n'),
  403: ({ response }) => response.writeHead(403).end('rate limit exceeded\n'),
  404: ({ response }) => response.writeHead(404).end('not found\n'),
  500: ({ response }) => response.writeHead(500).end('oops\n'),
  503: ({ response }) => response.writeHead(503).end('unavailable\n'),
  /** A login wall: 200, and not what was asked for. */
  html: ({ response }) =>
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Log in</p>\n'),
  /** Half of what was promised, then a reset. */
  reset: ({ response, status, headers, body }) => {
    response.writeHead(status, headers);
    response.write(body.subarray(0, body.length >> 1), () => response.socket?.resetAndDestroy());
  },
  /** Half of it, as if that were all: no error anywhere. */
  short: ({ response, status, headers, body }) => {
    const half = body.subarray(0, body.length >> 1);
    response.writeHead(status, { ...headers, 'Content-Length': half.length }).end(half);
  },
  /** More than was promised to exist: the same bytes again, for ever (until the reader leaves or 64 MiB went out). */
  endless: async ({ response, headers, body }) => {
    const { 'Content-Length': _, ...open } = headers;
    response.writeHead(200, open);
    for (let sent = 0; sent < 64 << 20 && !response.destroyed; sent += body.length) {
      if (!response.write(body)) await Promise.race([delay(1000), new Promise((done) => response.once('drain', done))]);
    }
    response.end();
  },
  /** One bit wrong. */
  corrupt: ({ response, status, headers, body }) => {
    const copy = Buffer.from(body);
    copy[copy.length >> 1] ^= 1;
    response.writeHead(status, headers).end(copy);
  },
  /** Headers and the first bytes, then silence. */
  stall: ({ response, status, headers, body }) => {
    response.writeHead(status, headers);
    response.write(body.subarray(0, 1));
  },
  /** 16 KiB at a time, 20 ms apart. */
  slow: async ({ response, status, headers, body }) => {
    response.writeHead(status, headers);
    for (let at = 0; at < body.length && !response.destroyed; at += CHUNK) {
      response.write(body.subarray(at, at + CHUNK));
      await delay(20);
    }
    response.end();
  },
};

export const FAULT_KINDS = [...Object.keys(KINDS), 'no-range', 'new-etag'];

/** "reset*2@v0.2.10/checksums.txt" → {kind, times, path}. Without `*N` every time; without `@path` every path. */
export function parseFault(text) {
  const match = /^([\w-]+)(?:\*(\d+))?(?:@(.+))?$/.exec(text);
  if (match === null || !FAULT_KINDS.includes(match[1])) {
    throw new Error(`Unknown fault ${text}: expected KIND[*TIMES][@PATH], KIND one of ${FAULT_KINDS.join(', ')}`);
  }
  return {
    kind: match[1],
    times: match[2] === undefined ? Number.POSITIVE_INFINITY : Number(match[2]),
    path: match[3] ?? '',
  };
}

/** The first fault that still applies to the path, counted down. */
export function takeFault(faults, path) {
  const fault = faults.find((one) => one.times > 0 && path.endsWith(one.path));
  if (fault !== undefined) fault.times -= 1;
  return fault?.kind;
}

export const commit = (kind, answer) => KINDS[kind](answer);
export const replacesBody = (kind) => Object.hasOwn(KINDS, kind ?? '');
