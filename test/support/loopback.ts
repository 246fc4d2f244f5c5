import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** One answer, honest unless told to lie. */
export interface Reply {
  /** Default 200, or 206 where a range is honoured. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Honours Range, and If-Range by the `etag` or `last-modified` among `headers`; 416 beyond the end. */
  readonly ranges?: boolean;
  /** Says this Content-Length whatever is sent. */
  readonly claimLength?: number;
  /** Says no length at all: chunked. */
  readonly chunked?: boolean;
  /** Breaks the connection after that many bytes of body. */
  readonly cutAfter?: number;
  /** Sends that many bytes of body and then nothing, with the connection open. */
  readonly stallAfter?: number;
  /** Sends the body in pieces of that many bytes, a few milliseconds apart. */
  readonly dripBytes?: number;
  /** Sends its headers a byte at a time, as often as this, and never ends them. */
  readonly headersEveryMs?: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface Loopback extends AsyncDisposable {
  /** "http://127.0.0.1:PORT", without a slash at the end. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Bytes of bodies that were handed to the network, those that were lost on it too. */
  readonly sent: () => number;
  /** What a path (with its query) answers: one reply per request, the last one for ever. Anything else is 404. */
  on(path: string, ...replies: readonly [Reply, ...Reply[]]): void;
  /** Breaks every open connection. With `stallAfter` and the client's progress, a cut at a place that is known. */
  drop(): void;
}

/** A server on loopback that does what a test says, lies included. */
export async function startLoopback(): Promise<Loopback> {
  const scripts = new Map<string, Reply[]>();
  const requests: SeenRequest[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push({ method: request.method ?? '', path, headers: request.headers });
    const script = scripts.get(path);
    const reply = script !== undefined && script.length > 1 ? script.shift() : script?.[0];
    // A client that leaves is part of the play.
    const count = (bytes: number) => {
      sent += bytes;
    };
    send(reply ?? { status: 404, body: 'not found' }, request, response, count).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sent: () => sent,
    on: (path, ...replies) => void scripts.set(path, [...replies]),
    drop: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function send(
  reply: Reply,
  request: IncomingMessage,
  response: ServerResponse,
  count: (bytes: number) => void,
): Promise<void> {
  if (reply.headersEveryMs !== undefined) return dripHeaders(response, reply.headersEveryMs);
  const whole = Buffer.from(reply.body ?? '');
  const { status, headers, body } =
    reply.ranges === true ? ranged(whole, reply, request) : { status: 200, headers: {}, body: whole };
  const length = reply.chunked === true ? {} : { 'content-length': String(reply.claimLength ?? body.length) };
  response.writeHead(reply.status ?? status, { ...length, ...headers, ...reply.headers });
  response.flushHeaders();
  const end = Math.min(reply.cutAfter ?? body.length, reply.stallAfter ?? body.length);
  const step = reply.dripBytes ?? Math.max(1, end);
  for (let at = 0; at < end; at += step) {
    await new Promise<void>((resolve, reject) => {
      response.write(body.subarray(at, Math.min(end, at + step)), (error) =>
        error == null ? resolve() : reject(error),
      );
    });
    count(Math.min(end, at + step) - at);
    if (reply.dripBytes !== undefined) await setTimeout(2);
  }
  if (reply.stallAfter !== undefined) return;
  if (reply.cutAfter !== undefined || reply.claimLength !== undefined) response.socket?.end();
  else response.end();
}

function ranged(whole: Buffer, reply: Reply, request: IncomingMessage) {
  const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const condition = request.headers['if-range'];
  const isCurrent =
    condition === undefined || condition === reply.headers?.['etag'] || condition === reply.headers?.['last-modified'];
  if (start === undefined || !isCurrent) return { status: 200, headers: {}, body: whole };
  if (Number(start) >= whole.length) {
    return { status: 416, headers: { 'content-range': `bytes */${whole.length}` }, body: Buffer.alloc(0) };
  }
  const range = `bytes ${start}-${whole.length - 1}/${whole.length}`;
  return { status: 206, headers: { 'content-range': range }, body: whole.subarray(Number(start)) };
}

async function dripHeaders({ socket }: ServerResponse, everyMs: number): Promise<void> {
  socket?.write('HTTP/1.1 200 OK\r\nX-Long: ');
  while (socket?.destroyed === false) {
    socket.write('x');
    await setTimeout(everyMs);
  }
}
