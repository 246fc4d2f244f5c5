import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mirror } from '../../../scripts/serve-releases.mjs';

/** A server before a mirror, which sends some paths elsewhere and hands out the rest. */
export interface Front extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Where a path leads, by its end; the number of times is the length of the list, the last for ever. */
  redirects: Readonly<Record<string, string>>;
}

export async function openFront(mirror: Pick<Mirror, 'url'>): Promise<Front> {
  const front = { asked: [] as string[], redirects: {} as Readonly<Record<string, string>> };
  const server = http.createServer((request, response) => {
    const { url = '/' } = request;
    front.asked.push(url);
    const to = Object.entries(front.redirects).find(([end]) => url.endsWith(end))?.[1];
    if (to !== undefined) {
      response.writeHead(302, { location: to }).end();
      return;
    }
    void handOut(url, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  async function handOut(path: string, response: http.ServerResponse): Promise<void> {
    const answer = await fetch(`${mirror.url}${path}`);
    const body = Buffer.from(await answer.arrayBuffer());
    const isList = path === '/releases.json';
    response.writeHead(answer.status).end(isList ? body.toString().replaceAll(mirror.url, own) : body);
  }
  return Object.assign(front, {
    url: own,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}
