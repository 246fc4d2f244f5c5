import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface CuttingServer extends AsyncDisposable {
  readonly url: string;
  /** Bytes of that file that went out, and how often the line was cut meanwhile. */
  readonly sent: () => { readonly bytes: number; readonly cuts: number };
}

interface Cutting {
  /** Whose transfer is cut, as the end of its path. */
  readonly file: string;
  /** After how many bytes of each answer; one that is not cut follows. */
  readonly after: readonly number[];
}

/** A folder of releases over a line that breaks. Range is honoured, with an ETag that stays. */
export async function serveCutting(directory: string, { file, after }: Cutting): Promise<CuttingServer> {
  const counts = { bytes: 0, cuts: 0 };
  const server = http.createServer((request, response) => {
    const found = path.join(directory, path.normalize(decodeURIComponent(request.url ?? '/')));
    const stat = fs.statSync(found, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) return void response.writeHead(404).end();
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const headers = { etag: '"v1"', 'content-length': stat.size - start };
    const range = { 'content-range': `bytes ${start}-${stat.size - 1}/${stat.size}` };
    response.writeHead(start === 0 ? 200 : 206, start === 0 ? headers : { ...headers, ...range });
    const isCounted = found.endsWith(file);
    const cut = isCounted ? after[counts.cuts] : undefined;
    if (cut !== undefined) counts.cuts += 1;
    const end = Math.min(stat.size, start + (cut ?? stat.size));
    const bytes = fs.createReadStream(found, { start, end: end - 1, highWaterMark: 1 << 20 });
    if (isCounted)
      bytes.on('data', (chunk) => {
        counts.bytes += chunk.length;
      });
    bytes.on('end', () => (cut === undefined ? response.end() : response.socket?.end()));
    bytes.pipe(response, { end: false });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => ({ ...counts }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
